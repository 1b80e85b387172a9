/* SPDX-License-Identifier: ISC */
#include "ferry/readme_windows.h"

/*
 * In cmd.exe: "@now" and "&&" fail in Windows PowerShell.  -dspublish wants the
 * container of a CRL without Published CRL Locations, and takes it always.
 */
enum err
readme_windows(const struct manifest *manifest, struct buffer *out,
    struct error *err)
{
	const char *root = manifest->root;

	TRY(buffer_appendf(out, err,
	    "By hand, on Windows, in this folder: open a Command Prompt "
	    "(cmd.exe, not\r\n"
	    "PowerShell) as administrator\r\n"
	    "  certutil -hashfile %s.crl SHA256      (compare SHA256SUMS)\r\n"
	    "  certutil -verify %s.crl ROOT.cer\r\n"
	    "    with ROOT.cer from a place you trust, not from this stick;\r\n"
	    "    go on only if it finds the signature valid\r\n"
	    "  certutil -addstore CA %s.crl\r\n"
	    "  certutil -setreg chain\\ChainCacheResyncFiletime @now\r\n"
	    "  publish it where the certificates' CDP points, under the name"
	    "\r\n"
	    "  %s\r\n", root, root, root, manifest->published_as));
	return buffer_appendf(out, err,
	    "  if that is in Active Directory (ldap:), on a machine of the "
	    "domain, as a\r\n"
	    "  member of Enterprise Admins or Cert Publishers\r\n"
	    "  certutil -dspublish -f %s.crl CAHOST\r\n"
	    "    with CAHOST as it stands before CN=CDP in the CDP: "
	    "CN=CAHOST,CN=CDP;\r\n"
	    "    without it if this shows Published CRL Locations:\r\n"
	    "      certutil %s.crl\r\n"
	    "  net stop certsvc && net start certsvc\r\n", root, root);
}
