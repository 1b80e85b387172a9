/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "base/array.h"
#include "base/shell_word.h"
#include "sub/watch/probe_judge.h"
#include "sub/watch/probe_starttls.h"
#include "sub/watch/probe_x509.h"

#define LIST_SIZE 270

/* The settings that name the file with the chain, by protocol. */
static const char *
name_file(const struct probe_target *target)
{
	static const struct {
		const char *protocol, *settings;
	} files[] = {
	    {"smtp", "Postfix: smtpd_tls_chain_files or smtpd_tls_cert_file; "
		"Exim: tls_certificate"},
	    {"imap", "Dovecot: ssl_cert; Cyrus: tls_server_cert"},
	    {"pop3", "Dovecot: ssl_cert; Cyrus: tls_server_cert"},
	    {"ldap", "OpenLDAP: olcTLSCertificateFile or TLSCertificateFile"},
	    {"postgres", "ssl_cert_file"},
	};

	for (size_t i = 0; target->starttls != NULL && i < COUNT_OF(files);
	    i++) {
		if (strcmp(files[i].protocol,
		    starttls_name(target->starttls)) == 0)
			return files[i].settings;
	}
	return "nginx: ssl_certificate; Apache: SSLCertificateFile; HAProxy: "
	    "crt";
}

/* Append `name` to a list, or dots if it does not fit. */
static void
list_name(char list[LIST_SIZE], const char *name)
{
	const size_t used = strlen(list);
	const size_t size = strlen(name);

	if (used + size + sizeof(", , ...") < LIST_SIZE)
		snprintf(list + used, LIST_SIZE - used, "%s%s",
		    used == 0 ? "" : ", ", name);
	else if (used < 4 || strcmp(list + used - 3, "...") != 0)
		snprintf(list + used, LIST_SIZE - used, ", ...");
}

static void
judge_missing(const struct probe_chain *chain,
    const struct probe_target *target, struct probe_report *report)
{
	size_t last = 1;	/* position of the one below that was sent */

	for (size_t i = 1; i < chain->link_count; i++) {
		const struct probe_link *link = &chain->links[i];
		const char *below = chain->links[i - 1].cert->subject_text;
		struct shell_word path;
		bool is_last;

		if (link->position != 0) {
			last = link->position;
			continue;
		}
		is_last = last == chain->sent_count;
		path = shell_word(link->ca->path, strlen(link->ca->path));
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "missing-intermediate", "it does not send the "
		    "intermediate %.150s, the issuer of %.150s",
		    link->cert->subject_text, below), "%s %s%.300s to the "
		    "service's certificate file%s%.100s (%s), and reload it",
		    is_last ? "append" : "add", link->ca->is_der ?
		    "the output of openssl x509 -in " : "", path.text,
		    is_last ? "" : " right behind ", is_last ? "" : below,
		    name_file(target));
	}
}

/*
 * The way ends below every configured root, because a CA that is configured was
 * sent as another CA certified it.
 */
static bool
judge_cross(const struct probe_chain *chain, const struct probe_target *target,
    struct probe_report *report)
{
	for (size_t i = 1; i < chain->link_count; i++) {
		const struct probe_link *link = &chain->links[i];
		char issuer[NAME_TEXT_SIZE];
		struct shell_word path;

		if (link->ca == NULL || link->ca->is_root)
			continue;
		name_text(link->cert->issuer, issuer);
		path = shell_word(link->ca->path, strlen(link->ca->path));
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "other-issuer", "it sends %.150s as certified by %.150s, "
		    "which does not lead to root %s",
		    link->cert->subject_text, issuer, link->ca->root->name),
		    "put %s%.300s, which is of the same name and key, in its "
		    "place in the service's certificate file (%s), and reload "
		    "it", link->ca->is_der ? "the output of openssl x509 -in "
		    : "", path.text, name_file(target));
		return true;
	}
	return false;
}

/* The way ends below every configured root. */
static void
judge_end(const struct probe_chain *chain, const struct probe_target *target,
    struct probe_report *report)
{
	const struct cert *last = chain->links[chain->link_count - 1].cert;
	char issuer[NAME_TEXT_SIZE], url[PROBE_NAMES_SIZE];

	name_text(last->issuer, issuer);
	probe_issuer_url(last, url);
	if (last->is_self_issued)
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "other-root", chain->link_count == 1 ? "its certificate "
		    "%.200s is self-signed, and none of the configured roots" :
		    "its chain ends at %.200s, which is none of the configured "
		    "roots", last->subject_text), "check that this is the "
		    "service that is meant; if it is, have its certificate "
		    "issued below a configured root, or configure its root");
	else if (chain->namesake != NULL)
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "other-key", "%.150s names %.150s as its issuer, but is "
		    "not signed with the key of %.200s", last->subject_text,
		    issuer, chain->namesake->path), "if that CA has a new key, "
		    "configure its new certificate; else have the service's "
		    "certificate issued anew");
	else
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "missing-intermediate", "it does not send the certificate "
		    "of %.150s, the issuer of %.150s, and no configured CA is "
		    "that", issuer, last->subject_text), "get that certificate "
		    "from its CA%s%.150s and append it to the service's "
		    "certificate file (%s); if it does not lead to a "
		    "configured root, the service belongs to another PKI",
		    url[0] == '\0' ? "" : ", at ", url, name_file(target));
}

static void
judge_order(const struct probe_chain *chain,
    const struct probe_target *target, struct probe_report *report)
{
	char sent[LIST_SIZE] = "", right[LIST_SIZE] = "";
	unsigned int last = 0;
	bool is_wrong = false;

	for (size_t i = 0; i < chain->link_count; i++) {
		const struct probe_link *link = &chain->links[i];

		list_name(right, link->cert->subject_text);
		if (link->position == 0)
			continue;
		is_wrong = is_wrong || link->position < last;
		last = link->position;
	}
	for (size_t i = 0; i < chain->sent_count; i++) {
		list_name(sent, chain->sent[i].cert == NULL ? "?" :
		    chain->sent[i].cert->subject_text);
		is_wrong = is_wrong || (chain->sent[i].part == SENT_ROOT &&
		    i + 1 < last);
	}
	if (is_wrong)
		probe_advise(probe_find(report, SEVERITY_WARNING,
		    "wrong-order", "it sends its certificates in the wrong "
		    "order (%.270s); the right one is %.270s", sent, right),
		    "write them in that order into the service's certificate "
		    "file (%s), and reload it", name_file(target));
}

static void
judge_name(const struct cert *leaf, const struct probe_target *target,
    struct probe_report *report)
{
	const enum probe_name name = probe_name(leaf, target);
	char names[PROBE_NAMES_SIZE];
	struct probe_finding *finding;

	if (name == NAME_CARRIED)
		return;
	probe_names(leaf, names);
	if (name == NAME_IN_SUBJECT)
		finding = probe_find(report, SEVERITY_WARNING,
		    "name-in-subject", "the leaf %.200s has its name in the "
		    "subject alone, where browsers and phones do not look",
		    leaf->subject_text);
	else if (names[0] == '\0')
		finding = probe_find(report, SEVERITY_CRITICAL, "wrong-name",
		    "the leaf %.150s does not have %.120s in its "
		    "subjectAltName, where clients look for it",
		    leaf->subject_text, target->servername);
	else
		finding = probe_find(report, SEVERITY_CRITICAL, "wrong-name",
		    "the leaf %.150s is not for %.120s, but for %s",
		    leaf->subject_text, target->servername, names);
	probe_advise(finding, "have it issued anew with %s %.120s in its "
	    "subjectAltName%s", target->is_address ? "the address" :
	    "the name", target->servername, name == NAME_IN_SUBJECT ? "" :
	    ", or give the name that clients use as --servername");
}

/* What to do about one that ends. */
static void
advise_renewal(const struct probe_certificate *certificate,
    const struct probe_chain *chain, size_t i, struct probe_finding *finding)
{
	const struct probe_ca *ca = i < chain->link_count ?
	    chain->links[i].ca : NULL;

	if (i == 0)
		probe_advise(finding, "renew the service's certificate");
	else if (i == chain->link_count)
		probe_advise(finding, "have the root's operator renew %.200s, "
		    "and give the new one to all clients",
		    chain->anchor->path);
	else if (ca != NULL && ca->cert->not_after_s > certificate->not_after_s)
		probe_advise(finding, "put %s, which is of the same key, in "
		    "its place in the service's certificate file, and reload "
		    "it", shell_word(ca->path, strlen(ca->path)).text);
	else
		probe_advise(finding, "have %.200s renew it, and send the new "
		    "one", certificate->issuer);
}

static void
judge_dates(const struct probe_chain *chain, int64_t now_s,
    struct probe_report *report)
{
	for (size_t i = 0; i < report->certificate_count; i++) {
		const struct probe_certificate *certificate =
		    &report->certificates[i];
		const int64_t left_s = certificate->not_after_s - now_s;
		const bool is_early = certificate->not_before_s > now_s;
		char at[UTC_TEXT_SIZE];

		if (strcmp(certificate->role, "other") == 0 || (!is_early &&
		    left_s > certificate->warning_s))
			continue;
		utc_format(is_early ? certificate->not_before_s :
		    certificate->not_after_s, at);
		if (is_early)
			probe_advise(probe_find(report, SEVERITY_CRITICAL,
			    "not-yet-valid", "%s %.200s is not valid before "
			    "%s", probe_role(certificate),
			    certificate->subject, at), "check this machine's "
			    "clock, or wait");
		else if (left_s < 0)
			advise_renewal(certificate, chain, i,
			    probe_find(report, SEVERITY_CRITICAL, "expired",
			    "%s %.200s expired on %s", probe_role(certificate),
			    certificate->subject, at));
		else
			advise_renewal(certificate, chain, i,
			    probe_find(report, left_s <=
			    certificate->critical_s ? SEVERITY_CRITICAL :
			    SEVERITY_WARNING, "expiring", "%s %.200s expires "
			    "on %s (in %lld days)", probe_role(certificate),
			    certificate->subject, at,
			    (long long)(left_s / DAY_S)));
	}
}

static void
judge_link(const struct probe_certificate *certificate,
    const struct cert *cert, struct probe_report *report)
{
	const bool is_leaf = strcmp(certificate->role, "leaf") == 0;
	const char *role = probe_role(certificate);
	char algorithm[64];

	if (probe_algorithm(cert, algorithm))
		probe_advise(probe_find(report, SEVERITY_CRITICAL,
		    "weak-signature", "%s %.200s is signed with %s, which "
		    "clients refuse", role, cert->subject_text, algorithm),
		    "have it issued anew with SHA-256 or better");
	if (cert_is_rsa_short(cert))
		probe_advise(probe_find(report, SEVERITY_WARNING,
		    "short-key", "%s %.200s has an RSA key of fewer than %d "
		    "bits", role, cert->subject_text, CERT_RSA_BITS_MIN),
		    "have it issued anew with a longer one");
	if (!is_leaf && X509_check_ca(cert->x509) == 0)
		probe_advise(probe_find(report, SEVERITY_CRITICAL, "no-ca",
		    "%s %.200s is not a CA's certificate", role,
		    cert->subject_text), "have the certificates below it "
		    "issued by a CA");
}

static void
judge_algorithms(const struct probe_chain *chain,
    struct probe_report *report)
{
	char algorithm[64];

	for (size_t i = 0; i < chain->link_count; i++)
		judge_link(&report->certificates[i], chain->links[i].cert,
		    report);
	for (size_t i = 0; i < chain->sent_count; i++) {
		const struct probe_sent *sent = &chain->sent[i];

		if (sent->cert != NULL && sent->part != SENT_LINK &&
		    !sent->cert->is_self_issued &&
		    probe_algorithm(sent->cert, algorithm))
			(void)probe_find(report, SEVERITY_WARNING,
			    "weak-signature", "%.200s, which it sends without "
			    "need, is signed with %s",
			    sent->cert->subject_text, algorithm);
	}
	if (chain->anchor != NULL &&
	    probe_algorithm(chain->anchor->cert, algorithm))
		(void)probe_find(report, SEVERITY_OK, "root-weak", "the root "
		    "%.200s is signed with %s: by itself, so that no client "
		    "verifies it", chain->anchor->cert->subject_text,
		    algorithm);
}

/* Whatever else OpenSSL has to say, which would find too little if it did. */
static enum err
judge_rest(const struct probe_chain *chain, int64_t now_s,
    struct probe_report *report, struct error *err)
{
	char why[PROBE_NAMES_SIZE];

	if (chain->anchor == NULL ||
	    probe_severity(report) == SEVERITY_CRITICAL)
		return ERR_OK;
	TRY(probe_verify(chain, now_s, why, err));
	if (why[0] != '\0')
		probe_advise(probe_find(report, SEVERITY_CRITICAL, "refused",
		    "OpenSSL does not verify the chain: %s", why), "have the "
		    "certificate that is named issued anew");
	return ERR_OK;
}

enum err
probe_judge(const struct probe_chain *chain,
    const struct probe_target *target, int64_t now_s,
    struct probe_report *report, struct error *err)
{
	if (chain->link_count == 0) {
		probe_judge_others(chain, report);
		return ERR_OK;
	}
	if (chain->anchor == NULL && !judge_cross(chain, target, report))
		judge_end(chain, target, report);
	judge_missing(chain, target, report);
	judge_name(chain->links[0].cert, target, report);
	judge_dates(chain, now_s, report);
	judge_algorithms(chain, report);
	judge_order(chain, target, report);
	probe_judge_others(chain, report);
	return judge_rest(chain, now_s, report, err);
}
