/* SPDX-License-Identifier: ISC */
#include "base/utc.h"
#include "root/export/distribution.h"

#define END "\r\n"

/* The digest to be compared aloud. */
static enum err
append_digest(const struct cert *cert, struct buffer *out, struct error *err)
{
	char digest[SHA256_HEX_SIZE];

	TRY(sha256_text(span_of_buffer(&cert->der), digest, err));
	TRY(buffer_append_text(out, "  SHA-256  ", err));
	TRY(digest_groups(digest, END "           ", out, err));
	return buffer_append_text(out, END, err);
}

static enum err
append_head(const char *root, const struct cert *cert, struct buffer *out,
    struct error *err)
{
	char end[UTC_TEXT_SIZE];

	utc_format_date(cert->not_after_s, end);
	TRY(buffer_appendf(out, err, END
	    "The root has a new certificate: %s.crt" END END
	    "It has the same subject, key and key identifier as the old one. "
	    "Everything that" END
	    "was signed before, and this CRL, verifies under both; put the "
	    "new one wherever" END
	    "the old one is, before that ends. Compare its SHA-256 with what "
	    "the root's" END
	    "operator tells you by another way than this stick:" END END
	    "  ends     %s" END, root, end));
	return append_digest(cert, out, err);
}

static enum err
append_linux(const char *root, struct buffer *out, struct error *err)
{
	TRY(buffer_appendf(out, err, END
	    "On Linux, in this folder, as root" END
	    "  sha256sum %s.crt" END
	    "  Debian and its kin:" END
	    "    openssl x509 -inform DER -in %s.crt \\" END
	    "      -out /usr/local/share/ca-certificates/%s-new.crt" END
	    "    update-ca-certificates" END
	    "  Fedora, RHEL and their kin:" END
	    "    cp %s.crt /etc/pki/ca-trust/source/anchors/%s-new.crt" END
	    "    update-ca-trust" END, root, root, root, root, root));
	return buffer_appendf(out, err,
	    "  a database of NSS:" END
	    "    certutil -A -d sql:FOLDER -n %s-new -t CT,C,C -i %s.crt" END
	    "  a file of CAs (nginx, Apache, OpenVPN, PostgreSQL): put this in "
	    "the place of the" END
	    "  old certificate, and reload the service:" END
	    "    openssl x509 -inform DER -in %s.crt" END
	    "  a hash directory: the same as a file of its own, then openssl "
	    "rehash FOLDER" END, root, root, root);
}

static enum err
append_windows(const char *root, struct buffer *out, struct error *err)
{
	return buffer_appendf(out, err, END
	    "On Windows, in this folder" END
	    "  certutil -hashfile %s.crt SHA256" END
	    "  one machine, in an elevated prompt:" END
	    "    certutil -addstore Root %s.crt" END
	    "  a domain, as Enterprise Admin; each machine has it after "
	    "gpupdate /force:" END
	    "    certutil -dspublish -f %s.crt RootCA" END
	    "  or by group policy: Computer Configuration, Policies, Windows "
	    "Settings," END
	    "    Security Settings, Public Key Policies, Trusted Root "
	    "Certification Authorities" END
	    "  NTAuth stays as it is: it holds issuing CAs" END, root, root,
	    root);
}

enum err
distribution_text(const char *root, const struct cert *cert,
    struct buffer *out, struct error *err)
{
	TRY(append_head(root, cert, out, err));
	TRY(append_linux(root, out, err));
	TRY(append_windows(root, out, err));
	return buffer_appendf(out, err, END
	    "Everywhere" END
	    "  publish %s.crt where the certificates' AIA points (caIssuers), "
	    "under the" END
	    "    name that the old one has there" END
	    "  on subordinates with crlferry: copy it, and set certificate of "
	    "this root in" END
	    "    crlferry.cfg to the copy" END, root);
}
