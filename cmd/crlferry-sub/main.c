/* SPDX-License-Identifier: ISC */
#include "sub_verbs.h"

static const struct command commands[] = {
    {"init", "", "write a configuration for this subordinate",
	"Each --store belongs to every --subordinate.  TYPE is hashdir, pem, "
	"der, nss,\nldap or url.  The distribution points that a certificate "
	"names are added as\nstores of the type url: `check` looks at what "
	"they deliver.\n", 0, 0, 0, init_options, cmd_init},
    {"keygen", "SECRET PUBLIC", "make a key pair in minisign's formats",
	NULL, HAS_JSON | HAS_SECRETS, 2,
	2, keygen_options, cmd_keygen},
    {"status", "", "show how every pair stands", NULL,
	NEED_CONFIG | HAS_JSON, 0, 0, status_options, cmd_status},
    {"plan", "[ROOT...]", "say what is to be done next, and what is to come",
	"By when, why, and who stops if nobody does it; then the ceremonies, "
	"what fails\non which day, and the certificates that expire.  A "
	"schedule with a gap is\nrefused.\n",
	NEED_CONFIG | HAS_JSON, 0, 64, plan_options, cmd_plan},
    {"report", "[ROOT...]", "write a page about every pair, for people",
	"One HTML file that needs nothing else: what is to be done next, "
	"timelines,\nstores, certificates and the calendar, for the screen "
	"and for paper.\n",
	NEED_CONFIG, 0, 64, report_options, cmd_report},
    {"lint", "FILE...", "judge CRLs and CA certificates", NULL, HAS_JSON, 1,
	4096, lint_options, cmd_lint},
    {"request", "MEDIUM", "write a sealed request to the root",
	"It carries this machine's clock and the accepted CRL, for each pair "
	"that has a\nnote_secret.\n", NEED_CONFIG | WRITES | HAS_JSON |
	HAS_SECRETS, 1, 1, request_options, cmd_request},
    {"info", "SOURCE", "show and verify a bundle, install nothing",
	"SOURCE is a medium, a bundle's folder, or one CRL file.\n",
	NEED_CONFIG | HAS_JSON, 1, 1, NULL, cmd_info},
    {"import", "SOURCE", "verify a bundle and install its CRL",
	"SOURCE is a medium, a bundle's folder, or one CRL file.  A refused "
	"CRL changes\nnothing.  A store that fails gets its old content back, "
	"and the others are done.\nA receipt for the root goes onto the "
	"medium; a note_secret with a passphrase\nneeds --passphrase-fd for "
	"that.\n",
	NEED_CONFIG | WRITES | HAS_JSON | HAS_SECRETS, 1, 1,
	import_options, cmd_import},
    {"recover", "MEDIUM", "carry out a reset order",
	"The root's order gives up the CRL that is accepted now, and names "
	"the one CRL\nthat may follow it.  Nothing is installed: `import` "
	"takes that CRL then.\n", NEED_CONFIG | WRITES | HAS_JSON, 1, 1, NULL,
	cmd_recover},
    {"check", "[ROOT[/SUB]]...", "the reminder, for monitoring",
	"Exit status 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.\n",
	NEED_CONFIG | HAS_JSON | IS_PLUGIN, 0, 4096, check_options, cmd_check},
    {"probe", "HOST:PORT", "look at the certificates of a TLS service",
	"It should send every intermediate up to a configured root, in order; "
	"none may be\nrevoked, expired, or signed with MD5 or SHA-1.  An IPv6 "
	"address has brackets.\nExit status 0 OK, 1 WARNING, 2 CRITICAL, 3 "
	"UNKNOWN.\n",
	NEED_CONFIG | HAS_JSON | IS_PLUGIN, 1, 1, probe_options, cmd_probe},
    {"remind", "", "mail people if something is to be done",
	"A mail is sent if a pair is worse than the last mail said, and weekly "
	"until all\nare fresh: one for all pairs, with the calendar.  Run it "
	"weekly; daily is right\nas well: a mail comes at most once a week "
	"unless something gets worse.\n",
	NEED_CONFIG | WRITES | HAS_JSON, 0, 0, remind_options, cmd_remind},
    {NULL},
};

static const struct program program = {
    "crlferry-sub",
    "Brings the CRLs of offline root CAs into a subordinate's stores.",
    commands};

int
main(int argc, char *argv[])
{
	return cli_main(&program, argc, argv);
}
