/* SPDX-License-Identifier: ISC */
#include "root_verbs.h"

static const struct command commands[] = {
    {"init", "", "write a configuration for an existing CA",
	"Adopts a root in OpenSSL `ca` or easy-rsa layout where it is: no "
	"file is moved.\n--last-crl gives the CRL that was issued last, so "
	"that none of its revocations\ncan be lost.\n",
	0, 0, 0, init_options, cmd_init},
    {"keygen", "SECRET PUBLIC", "make a key pair that seals bundles",
	"Both files are in minisign's formats.\n", HAS_JSON | HAS_SECRETS, 2,
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
    {"collect", "MEDIUM", "take in what subordinates sent",
	"Each note is verified with its subordinate's note_key.  A note that "
	"fails is set\naside, and the others are taken in.\n",
	NEED_CONFIG | WRITES | HAS_JSON, 1, 1, NULL, cmd_collect},
    {"revoke", "ROOT SERIAL|CERTFILE", "record a revocation in the CA's index",
	"SERIAL is hexadecimal; ./1005 names a file.  REASON is one of "
	"unspecified,\nkeyCompromise, CACompromise, affiliationChanged, "
	"superseded,\ncessationOfOperation, certificateHold, "
	"holdInstruction,OID, keyTime, CAkeyTime.\nWith keyCompromise, "
	"CACompromise, keyTime and CAkeyTime, --at says since when\nothers "
	"may have the key; with other reasons, when it was revoked.\n"
	"The next `issue` publishes it.\n",
	NEED_CONFIG | WRITES | HAS_JSON, 2, 2, revoke_options, cmd_revoke},
    {"issue", "[ROOT...]", "sign the next CRL",
	"The index is read, the list is judged, signed, read back and "
	"archived.  Without\nROOT, that is done for every root that has a "
	"`signing` group.\n",
	NEED_CONFIG | WRITES | HAS_JSON | HAS_SECRETS, 0, 64, issue_options,
	cmd_issue},
    {"adopt", "ROOT FILE", "take a CRL that another program signed",
	"FILE is a CRL in DER or PEM, signed with ROOT's key by another CA "
	"program.  It\nbecomes the root's current one, to be exported and "
	"watched like one that issue\nmade.\n",
	NEED_CONFIG | WRITES | HAS_JSON, 2, 2, adopt_options, cmd_adopt},
    {"export", "MEDIUM [ROOT...]", "write the bundle to the medium",
	"The seals are written last: without them there is no bundle.  The "
	"newest two\nbundles of a root stay.  A CRL that has expired is "
	"refused.\n",
	NEED_CONFIG | WRITES | HAS_JSON | HAS_SECRETS, 1, 65, export_options,
	cmd_export},
    {"seal", "MEDIUM [ROOT...]",
	"add another officer's seal to a bundle or an order",
	"Each is verified and shown before the key is asked for.  It may be "
	"done on\nanother machine, whose configuration has a seal.secret "
	"and no `signing` group.\n",
	NEED_CONFIG | WRITES | HAS_JSON | HAS_SECRETS, 1, 65, NULL, cmd_seal},
    {"reissue", "ROOT", "write a new certificate of a root for the same key",
	"Subject, key, key identifier and all other extensions stay, so that "
	"CRLs and\ncertificates which were signed before stay good; serial, "
	"digest and end are new.\nFor a root that is signed with MD5 or "
	"SHA-1, or ends soon.  FILE may be the\nconfigured certificate, which "
	"is then replaced.  The next export carries it.\n",
	NEED_CONFIG | WRITES | HAS_JSON | HAS_SECRETS, 1, 1, reissue_options,
	cmd_reissue},
    {"ceremony", "MEDIUM", "hold a ceremony, step by step",
	"Notes, clock, network, review, consent, issue, export, minutes: all "
	"of it on a\nterminal.  After a power cut the same command goes on "
	"where it stopped.\n",
	NEED_CONFIG | WRITES | HAS_SECRETS, 1, 1, ceremony_options,
	cmd_ceremony},
    {"ledger", "verify|show", "verify or show the history", NULL,
	NEED_CONFIG | HAS_JSON, 1, 1, NULL, cmd_ledger},
    {"reset-order", "MEDIUM ROOT SUB",
	"let a subordinate lower what it accepted",
	"SUB's latest request must have been taken in.  The order lets it "
	"give up the CRL\nthat it has accepted, and take ROOT's current one "
	"in its place, once.\nRead RECOVERING in the manual first: it "
	"has five steps.\n",
	NEED_CONFIG | WRITES | HAS_JSON | HAS_SECRETS, 3, 3,
	reset_order_options, cmd_reset_order},
    {NULL},
};

static const struct program program = {
    "crlferry-root",
    "Signs the CRLs of offline root CAs, and sends them on their way.",
    commands};

int
main(int argc, char *argv[])
{
	return cli_main(&program, argc, argv);
}
