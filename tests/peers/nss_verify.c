/* SPDX-License-Identifier: ISC */
/*
 * nss_verify ROOT CRL SUBORDINATE, in DER: does NSS accept a CA below a root
 * that is trusted, by a CRL that must be there?  Status 1 and NSS's word for
 * the reason if it does not.
 */
#include <stdio.h>
#include <stdlib.h>

#include <cert.h>
#include <nss.h>
#include <prerror.h>
#include <secerr.h>

#define FILE_MAX 65536

static void
fail(const char *what)
{
	const char *name = PR_ErrorToName(PR_GetError());

	printf("%s: %s\n", what, name == NULL ? "?" : name);
	exit(1);
}

static SECItem
read_item(const char *path)
{
	SECItem item = {siBuffer, malloc(FILE_MAX), 0};
	FILE *file = fopen(path, "rb");

	if (item.data == NULL || file == NULL) {
		perror(path);
		exit(2);
	}
	item.len = (unsigned int)fread(item.data, 1, FILE_MAX, file);
	fclose(file);
	return item;
}

static CERTCertificate *
read_cert(const char *path)
{
	SECItem item = read_item(path);
	CERTCertificate *cert = CERT_NewTempCertificate(
	    CERT_GetDefaultCertDB(), &item, NULL, PR_FALSE, PR_TRUE);

	if (cert == NULL)
		fail(path);
	return cert;
}

static void
verify(CERTCertificate *root, CERTCertificate *subordinate)
{
	/* CRLs that are at hand, and no success without one. */
	PRUint64 methods[] = {CERT_REV_M_TEST_USING_THIS_METHOD |
	    CERT_REV_M_FORBID_NETWORK_FETCHING |
	    CERT_REV_M_FAIL_ON_MISSING_FRESH_INFO};
	const CERTRevocationTests tests = {1, methods, 0, NULL,
	    CERT_REV_MI_TEST_ALL_LOCAL_INFORMATION_FIRST |
	    CERT_REV_MI_REQUIRE_SOME_FRESH_INFO_AVAILABLE};
	CERTRevocationFlags flags = {tests, tests};
	CERTCertList *anchors = CERT_NewCertList();
	CERTValInParam in[] = {
	    {.type = cert_pi_trustAnchors, .value.pointer.chain = anchors},
	    {.type = cert_pi_revocationFlags,
		.value.pointer.revocation = &flags},
	    {.type = cert_pi_end}};
	CERTValOutParam out[] = {{.type = cert_po_end}};

	if (anchors == NULL || CERT_AddCertToListTail(anchors,
	    CERT_DupCertificate(root)) != SECSuccess)
		fail("anchors");
	if (CERT_PKIXVerifyCert(subordinate, certificateUsageSSLCA, in, out,
	    NULL) != SECSuccess)
		fail("subordinate");
}

int
main(int argc, char *argv[])
{
	SECItem crl;
	CERTCertificate *root;

	if (argc != 4)
		return 2;
	if (NSS_NoDB_Init(NULL) != SECSuccess)
		fail("NSS");
	root = read_cert(argv[1]);
	crl = read_item(argv[2]);
	if (crl.len > 0 && CERT_CacheCRL(CERT_GetDefaultCertDB(), &crl) !=
	    SECSuccess)
		fail(argv[2]);
	verify(root, read_cert(argv[3]));
	printf("accepted\n");
	return 0;
}
