/* SPDX-License-Identifier: ISC */
#include "site/bundle_folder.h"

enum err
bundle_readme(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	const char *root = manifest->root;
	char number[NUMBER_TEXT_SIZE];
	char this_update[UTC_TEXT_SIZE];
	char next_update[UTC_TEXT_SIZE];

	number_format(&manifest->number, 0, number);
	utc_format(manifest->this_update_s, this_update);
	utc_format(manifest->next_update_s, next_update);
	TRY(buffer_appendf(out, err,
	    "Certificate revocation list of %s\r\n\r\n"
	    "  number      %s\r\n"
	    "  thisUpdate  %s\r\n"
	    "  nextUpdate  %s  (install it before then)\r\n"
	    "  revoked     %llu\r\n\r\n", root, number, this_update,
	    next_update, (unsigned long long)manifest->revoked_count));
	TRY(buffer_appendf(out, err,
	    "On a subordinate with crlferry\r\n"
	    "  crlferry-sub import MEDIUM        (the folder of this stick)\r\n"
	    "\r\n"
	    "By hand, on Linux, in this folder\r\n"
	    "  sha256sum -c SHA256SUMS\r\n"
	    "  minisign -V -p KEY.pub -m bundle.json -x "
	    "bundle.json.<keyid>.minisig\r\n"
	    "  openssl crl -inform DER -in %s.crl -CAfile ROOT.pem -noout\r\n"
	    "    with ROOT.pem from a place you trust, not from this stick;\r\n"
	    "    it must say \"verify OK\", its exit status does not tell\r\n"
	    "  cp %s.crl.pem \"/etc/ssl/crls/$(openssl crl -in %s.crl.pem "
	    "-hash -noout).r0\"\r\n\r\n", root, root, root));
	return buffer_appendf(out, err,
	    "By hand, on Windows, in an elevated prompt in this folder\r\n"
	    "  certutil -hashfile %s.crl SHA256      (compare SHA256SUMS)\r\n"
	    "  certutil -addstore CA %s.crl\r\n"
	    "  certutil -setreg chain\\ChainCacheResyncFiletime @now\r\n"
	    "  publish it where the certificates' CDP points, under the name"
	    "\r\n"
	    "  %s\r\n"
	    "  net stop certsvc && net start certsvc\r\n",
	    root, root, manifest->published_as);
}
