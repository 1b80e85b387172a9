#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub init: the configuration that it writes, and what it refuses.

load pki_setup

setup() {
	restore_work
	mkdir new
}

# init OPTION...: into new/crlferry.cfg, for the root and `live`
init() {
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --output new/crlferry.cfg "$@"
}

# wont STATUS TOKEN COMMAND...: refuses, and no configuration is there
wont() {
	local before after
	before=$(snapshot ca sub stores new)
	refuses "$@" || return 1
	after=$(snapshot ca sub stores new)
	[ "$before" = "$after" ] || {
		echo "changed:"
		diff <(echo "$before") <(echo "$after")
		return 1
	}
	leaves_nothing
}

@test "what it writes works as it is, with every kind of store" {
	mkdir new-stores
	run init --store hashdir:new-stores --store pem:new-stores/all.pem \
		--store der:new-stores/one.crl --trust ca/seal.pub
	[ "$status" -eq 0 ]
	[[ $output == *"wrote new/crlferry.cfg"* ]]
	[ "$(stat -c %a new/crlferry.cfg)" = 644 ]
	[ "$(cd new && echo *)" = 'crlferry.cfg live.pem test-root.pem' ]
	"$SUB_PROGRAM" import --config new/crlferry.cfg stick2
	"$SUB_PROGRAM" check --config new/crlferry.cfg
	[ -d new/state ]
	holds new-stores/one.crl stick2
	holds new-stores/all.pem stick2
	holds "new-stores/$(hash_of ca/root.pem).r0" stick2
}

@test "it says what it wrote, and --quiet nothing" {
	run init --trust ca/seal.pub
	[[ $output == *"crlferry-sub import MEDIUM --config new/crlferry.cfg"* ]]
	rm new/crlferry.cfg
	run init --trust ca/seal.pub --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "every line fits, is explained, and has no trailing space" {
	init --store pem:stores/all.pem --trust ca/seal.pub
	grep -q '^# ' new/crlferry.cfg
	grep -q '^version = 1;$' new/crlferry.cfg
	run ! grep -nE '[[:space:]]$' new/crlferry.cfg
	run ! grep -nE '^.{81}' <(grep -v ' = "/' new/crlferry.cfg)
}

@test "several subordinates and several keys, as words and as files" {
	"$SUB_PROGRAM" keygen two.key two.pub --no-passphrase
	init --subordinate bad=ca/bad.pem --store der:stores/two.crl \
		--trust "$(tail -n 1 ca/seal.pub)" --trust two.pub
	grep -qF "\"$(tail -n 1 ca/seal.pub)\"" new/crlferry.cfg
	grep -qF "\"$(tail -n 1 two.pub)\"" new/crlferry.cfg
	run "$SUB_PROGRAM" check --config new/crlferry.cfg
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - "*" of 2 pairs critical: "* ]]
	run "$SUB_PROGRAM" check --config new/crlferry.cfg test-root/bad
	[ "$status" -eq 2 ]
	"$SUB_PROGRAM" import --config new/crlferry.cfg stick2
}

@test "relative paths are written so that they hold from anywhere" {
	init --store der:stores/one.crl --trust ca/seal.pub
	grep -qF "path = \"$T/stores/one.crl\";" new/crlferry.cfg
	grep -qF 'certificate = "test-root.pem";' new/crlferry.cfg
	cd /
	run "$SUB_PROGRAM" check --config "$T/new/crlferry.cfg"
	[ "$status" -eq 0 ]
}

@test "paths with spaces, quotes and backslashes" {
	mkdir 'a "b" \c'
	cp ca/root.pem 'a "b" \c/root.pem'
	"$SUB_PROGRAM" init --root 'test-root=a "b" \c/root.pem' \
		--subordinate live=ca/live.pem --trust ca/seal.pub \
		--store 'der:a "b" \c/one.crl' --output new/crlferry.cfg
	"$SUB_PROGRAM" import --config new/crlferry.cfg stick2
	cmp 'a "b" \c/one.crl' "$(crl_of stick2)"
	rm new/crlferry.cfg
	wont 64 usage init --store "der:a$(printf '\nb')"
}

@test "without --trust it can be written, and import says what is missing" {
	init --store der:stores/one.crl
	before=$(snapshot stores)
	refuses 78 config "$SUB_PROGRAM" import --config new/crlferry.cfg stick2
	[ "$before" = "$(snapshot stores)" ]
}

@test "missing options: usage" {
	wont 64 usage "$SUB_PROGRAM" init --output new/crlferry.cfg
	[[ $output == *"usage: --root is required"* ]]
	wont 64 usage "$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--output new/crlferry.cfg
	wont 64 usage "$SUB_PROGRAM" init --subordinate live=ca/live.pem \
		--output new/crlferry.cfg
	[[ $output == *"usage: --root is required"* ]]
	wont 64 usage init argument
	[[ $output == *"usage: init takes no arguments"* ]]
	wont 64 usage init --stoer der:stores/one.crl
	wont 64 usage init --store
}

@test "a store of a wrong type or form: usage" {
	local store
	for store in nssdb:stores DER:stores/one.crl hashdir: :stores stores \
		der pem=stores '' url: ldap:ldap://dc1.corp.example \
		ldap:ldap://dc1.corp.example/ ldap:ldap:///CN=x ldap:CN=x \
		ldap:http://x/CN=x ldap:ldap://x/CN=%zz; do
		echo "$store"
		wont 64 usage init --store "$store"
	done
	wont 64 usage init --store der:stores/one.crl --store x:y
	wont 64 usage init --store nssdb:stores
	[[ $output == *'no type "nssdb"; known: hashdir, pem, der, nss'* ]]
	wont 64 usage init --store url:http://x/ --store url:http://x/
	[[ $output == *'--store: url:http://x/ is given already'* ]]
	# What it wrote would be refused: nothing stays of it.
	refuses 78 config init --store url:ftp://x/
	refuses 78 config init --store url:ldap:///CN=x
	[ -z "$(ls -A new)" ]
}

# has_line TEXT: it is a line of the configuration, but for its indent
has_line() {
	grep -qxF -- "$1" <(sed 's/^ *//' new/crlferry.cfg)
}

@test "a store of LDAP is split, and says what else it may need" {
	init --store 'ldap:ldap://dc1.corp.example:389/CN=Corp%20%22Root%22\2C%20G1,CN=h%c3%b6st,DC=x?certificateRevocationList'
	has_line 'url = "ldap://dc1.corp.example:389";'
	has_line 'entry = "CN=Corp \"Root\"\\2C G1,CN=höst,DC=x";'
	for key in bind password_file starttls ca create sasl; do
		grep -q "^ *# $key = " new/crlferry.cfg
	done
	rm new/crlferry.cfg
	init --store 'ldap:ldapi://%2frun%2fldapi/CN=x'
	has_line 'url = "ldapi://%2frun%2fldapi";'
	has_line 'entry = "CN=x";'
}

@test "a store of a command is refused, with what to write" {
	wont 64 usage init --store command:/usr/local/sbin/push-crl
	[[ $output == *'remedy: write it among the file'*'{ type = "command"; install = [ '*'"{der}" ]; read = [ '* ]]
}

# point_to URI...: ca/named.pem, whose distribution points these are
point_to() {
	local i=0 uri
	printf '[points]\nfullname = @names\n[names]\n' >>ca/ca.cnf
	for uri; do
		echo "URI.$((i += 1)) = $uri"
	done >>ca/ca.cnf
	sed -i 's/^\[req\]/crlDistributionPoints = points\n&/' ca/ca.cnf
	make_sub ca named
}

# named OPTION...: init for that subordinate
named() {
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate named=ca/named.pem --output new/crlferry.cfg "$@"
}

# What it would find there is for check to say: init waits for no server.
@test "the distribution points of a certificate are proposed, not fetched" {
	local ad='CN=Corp%20Root,CN=CDP,DC=corp,DC=example?certificateRevocationList?base?objectClass=cRLDistributionPoint'
	mkdir bin
	printf '#!/bin/sh\necho fetched >>%s/fetched\nexit 7\n' "$T" >bin/curl
	chmod 755 bin bin/curl
	export PATH=$T/bin:$PATH
	point_to HTTP://pki.corp.example/r.crl "ldap:///$ad" \
		ldap://127.0.0.1:1/CN=x file:///r.crl http://me:pw@x/r.crl \
		http://pki.corp.example/r.crl
	run named --store der:stores/one.crl
	[ "$status" -eq 0 ]
	[[ $output == *"the certificate of CN=named names distribution points, which \`check\` will fetch"*"unless network.conf there gives it to them"* ]]
	[ ! -e fetched ]
	[ "$(grep -c '^ *{ type = "url";$' new/crlferry.cfg)" -eq 2 ]
	has_line 'url = "http://pki.corp.example/r.crl";'
	has_line 'url = "ldap://127.0.0.1:1/CN=x";'
	has_line "# , { type = \"url\";"
	has_line "#   url = \"ldap://corp.example/$ad\"; }"
	run ! grep -n '^.\{81\}' <(grep -vE ' = "/|ldap://' new/crlferry.cfg)
	run sub_new check
	[ "$status" -eq 2 ]
	[ -s fetched ]
	# With the marks taken away it is a configuration too.
	sed -i 's/# \(, { type = "url"\)/\1/; s/#   \(url = "ldap:\)/\1/' \
		new/crlferry.cfg
	run sub_new status --json
	[ "$(jq '.pairs[0].stores | length' <<<"${lines[*]}")" -eq 4 ]
}

# sub_new VERB: with the configuration that was written
sub_new() {
	"$SUB_PROGRAM" "$@" --config new/crlferry.cfg
}

@test "a distribution point that is given already is not proposed again" {
	point_to http://127.0.0.1:1/r.crl ldap:///CN=x
	named --store url:http://127.0.0.1:1/r.crl
	[ "$(grep -c 'type = "url"' new/crlferry.cfg)" -eq 2 ]
	has_line 'url = "http://127.0.0.1:1/r.crl";'
	rm new/crlferry.cfg
	run named
	[ "$status" -eq 0 ]
	[[ $output == *"no --store: \`import\` installs nothing"* ]]
	run sub_new check
	[ "$status" -eq 2 ]
}

@test "one that only Windows can fetch is a comment alone" {
	point_to ldap:///CN=x
	named
	has_line '# { type = "url";'
	has_line '#   url = "ldap://dc1.corp.example/CN=x"; }'
	run sub_new check
	[ "$status" -eq 2 ]
	[[ $output == *"no store is configured"* ]]
}

@test "names that are none: usage" {
	local name
	for name in UPPER under_score 'sp ace' '' a/b .. \
		"$(printf '%033d' 0)"; do
		echo "$name"
		wont 64 usage "$SUB_PROGRAM" init --root "$name=ca/root.pem" \
			--subordinate live=ca/live.pem \
			--output new/crlferry.cfg
		wont 64 usage "$SUB_PROGRAM" init \
			--root test-root=ca/root.pem \
			--subordinate "$name=ca/live.pem" \
			--output new/crlferry.cfg
	done
	# 32 characters are one
	"$SUB_PROGRAM" init --root "$(printf '%032d' 0)=ca/root.pem" \
		--subordinate live=ca/live.pem --output new/crlferry.cfg
}

@test "the same subordinate twice: config" {
	refuses 78 config init --subordinate live=ca/bad.pem
	[ -z "$(ls -A new)" ]
}

@test "a configuration that is there already is not overwritten: usage" {
	wont 64 usage "$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --output sub/crlferry.cfg
	ln -s nowhere new/crlferry.cfg
	wont 64 usage init
}

@test "certificates: of another root, missing, and none at all" {
	make_older_root other p256 "Other Root"
	make_sub other foreign
	wont 65 issuer init --subordinate foreign=other/foreign.pem
	make_older_root twin p256
	make_sub twin imposter
	wont 65 signature init --subordinate imposter=twin/imposter.pem
	wont 66 missing init --subordinate none=ca/none.pem
	wont 65 format init --subordinate key=ca/live.key
	wont 66 missing "$SUB_PROGRAM" init --root test-root=ca/none.pem \
		--subordinate live=ca/live.pem --output new/crlferry.cfg
}

@test "a root that may not sign CRLs: issuer" {
	sed -i 's/keyCertSign,cRLSign/keyCertSign/' ca/ca.cnf
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
		-subj "/CN=Test Root" -days 99 -extensions v3_root \
		-out no-crl.pem
	wont 65 issuer "$SUB_PROGRAM" init --root test-root=no-crl.pem \
		--subordinate live=ca/live.pem --output new/crlferry.cfg
}

@test "a key that is none, or a secret one: refused" {
	wont 65 key init --trust RWnonsense
	wont 65 key init --trust "$(tail -n 1 ca/seal.pub)="
	wont 66 missing init --trust nowhere.pub
	wont 65 key init --trust ca/root.pem
	wont 65 key init --trust ca/seal.key
}

@test "a folder that cannot be made: no configuration, no folder" {
	: >file
	wont 66 missing "$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --output file/crlferry.cfg
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --output deep/er/crlferry.cfg
	[ -f deep/er/crlferry.cfg ]
}
