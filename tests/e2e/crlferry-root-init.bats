#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root init: an existing CA is adopted where it is.

load root_setup

# inventory FOLDER: every path, type, mode, owner, inode and time below it
inventory() {
	find "$1" ! -path "$1/crlferry.cfg" ! -path "$1/state*" -printf \
		'%P %y %m %u %i %s %T@\n' | grep -v '^ d ' | sort
}

# init FOLDER [OPTION]...: with what every init needs
init() {
	local folder=$1
	shift
	"$ROOT_PROGRAM" init --name corp --certificate "$folder/root.pem" \
		--key "$folder/root.key" --index "$folder/index.txt" "$@"
}

# not_init STATUS TOKEN [OPTION]...: refused, and nothing at all is made
not_init() {
	local status_want=$1 token=$2 before
	shift 2
	before=$(find . | sort)
	refused . "$status_want" "$token" init ca --output new.cfg "$@" ||
		return
	[ "$before" = "$(find . | sort)" ] || {
		echo "want no new file, have: $(find .)"
		return 1
	}
}

easyrsa() {
	EASYRSA_PKI=$T/pki EASYRSA_BATCH=1 \
		/usr/share/easy-rsa/easyrsa --batch "$@" >easyrsa.log 2>&1 || {
		cat easyrsa.log
		return 1
	}
}

@test "an openssl ca folder is adopted, and no file of it changes" {
	old_root ca p384
	make_sub ca one
	make_sub ca two
	revoke_sub ca two
	inventory ca >before
	run init ca --output ca/crlferry.cfg --subordinate one=ca/one.pem \
		--subordinate two=ca/two.pem
	[ "$status" -eq 0 ]
	says 'issue corp --first --config ca/crlferry.cfg'
	inventory ca >after
	diff before after
	[ "$(stat -c %a ca/crlferry.cfg)" = 644 ]
	[ ! -e ca/state ]
	# What was written works, from any folder.
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	cd /
	"$ROOT_PROGRAM" issue --first --quiet --config "$T/ca/crlferry.cfg"
	cd "$T"
	lists "$(last_crl ca corp)" 1001
	root ca status --json >status.json
	jq -e '[.pairs[] | .subordinate + " " + .state] ==
		["one fresh", "two revoked"]' status.json
}

@test "the configuration may stand elsewhere, in a folder that it makes" {
	old_root ca p256
	init ca --output conf/deep/corp.cfg --quiet
	sed -i 's/^air_gap = .*/air_gap = "off";/' conf/deep/corp.cfg
	"$ROOT_PROGRAM" issue --first --quiet --config conf/deep/corp.cfg
	[ -e conf/deep/state/corp/archive/000001.crl ]
	[ "$(cat ca/crlnumber)" = 02 ]
}

@test "paths with quotes, backslashes and blanks are written so that they read" {
	mkdir 'a "b" \c $d'
	old_root ca p256
	cp -p ca/root.pem ca/root.key ca/index.txt ca/crlnumber 'a "b" \c $d'
	init 'a "b" \c $d' --output new.cfg --quiet
	sed -i 's/^air_gap = .*/air_gap = "off";/' new.cfg
	"$ROOT_PROGRAM" issue --first --quiet --config new.cfg
	[ "$(cat 'a "b" \c $d/crlnumber')" = 02 ]
	mkdir $'line\nfeed'
	cp -p ca/root.pem ca/root.key ca/index.txt $'line\nfeed'
	refuses 64 usage init $'line\nfeed' --output second.cfg
	[ ! -e second.cfg ]
}

@test "easy-rsa is adopted, and easyrsa revoke reaches the CRL" {
	[ -x /usr/share/easy-rsa/easyrsa ] ||
		skip "the package easy-rsa is not installed"
	easyrsa init-pki
	easyrsa --use-algo=ec --curve=secp384r1 --req-cn=Easy build-ca nopass
	easyrsa --use-algo=ec --req-cn=sub gen-req sub nopass
	easyrsa sign-req ca sub
	easyrsa --use-algo=ec build-serverClient-full both nopass
	serial=$(openssl x509 -in pki/issued/sub.crt -noout -serial)
	serial=${serial#serial=}
	[ ! -e pki/crlnumber ]
	inventory pki >before
	"$ROOT_PROGRAM" init --name easy --certificate pki/ca.crt \
		--key pki/private/ca.key --index pki/index.txt \
		--subordinate sub=pki/issued/sub.crt --output pki/crlferry.cfg
	# The copy of the subordinate's certificate is all that came.
	inventory pki | grep -v '^sub.pem f ' >after
	diff before after
	sed -i 's/^air_gap = .*/air_gap = "off";/' pki/crlferry.cfg
	run root pki issue --first
	[ "$status" -eq 0 ]
	says 'crlnumber is missing; it will be made'
	# Nothing but the counter that was missing has been added.
	inventory pki | grep -v -e '^crlnumber f ' -e '^sub.pem f ' >after
	diff before after
	[ "$(cat pki/crlnumber)" = 02 ]
	[ "$(crl_count "$(last_crl pki easy)")" -eq 0 ]

	easyrsa revoke sub superseded
	# easyrsa has moved the certificate: the copy is there still.
	[ ! -e pki/issued/sub.crt ]
	mv pki/sub.pem kept.pem
	run root pki status
	[ "$status" -eq 0 ]
	says 'pki/sub.pem is missing'
	says unpublished
	mv kept.pem pki/sub.pem
	run root pki status
	[ "$status" -eq 0 ]
	says_not missing
	root pki issue --quiet
	lists "$(last_crl pki easy)" "$serial"
	crl_text "$(last_crl pki easy)" | grep -q Superseded
	root pki status --json | jq -e '.pairs[0].state == "revoked"'

	# A second one, and easyrsa's own programs go on as before.
	second=$(openssl x509 -in pki/issued/both.crt -noout -serial)
	easyrsa revoke both
	root pki issue --quiet
	lists "$(last_crl pki easy)" "$serial"
	lists "$(last_crl pki easy)" "${second#serial=}"
	easyrsa gen-crl
	openssl crl -in pki/crl.pem -outform DER -out easy.crl
	lists easy.crl "$serial"
	root pki issue --quiet
	[ "$(crl_count "$(last_crl pki easy)")" -eq 2 ]
}

@test "easy-rsa with an RSA key under a passphrase" {
	[ -x /usr/share/easy-rsa/easyrsa ] ||
		skip "the package easy-rsa is not installed"
	easyrsa init-pki
	easyrsa --passout=pass:horse --passin=pass:horse --req-cn=Easy build-ca
	grep -q ENCRYPTED pki/private/ca.key
	easyrsa --passin=pass:horse gen-crl
	"$ROOT_PROGRAM" init --name easy --certificate pki/ca.crt \
		--key pki/private/ca.key --index pki/index.txt \
		--last-crl pki/crl.pem --output pki/crlferry.cfg
	sed -i 's/^air_gap = .*/air_gap = "off";/' pki/crlferry.cfg
	root pki issue --quiet --passphrase-fd 0 <<<horse
	openssl crl -inform DER -in "$(last_crl pki easy)" -noout \
		-CAfile pki/ca.crt 2>&1 | grep -qx 'verify OK'
}

@test "--last-crl: PEM or DER, it is archived and none of it can be lost" {
	local form
	for form in PEM DER; do
		old_root $form p256
		make_sub $form one
		make_sub $form two
		revoke_sub $form one
		revoke_sub $form two superseded
		echo 2A >$form/crlnumber
		openssl ca -gencrl -config $form/ca.cnf -out last.pem
		openssl crl -in last.pem -outform $form -out last.crl
		run adopt_root $form corp --last-crl last.crl
		[ "$status" -eq 0 ]
		openssl crl -in last.pem -outform DER -out last.der
		cmp last.der $form/state/corp/archive/000042.crl
		root $form ledger show | grep -q 'adopt *corp *42'
		cp $form/index.txt kept
		: >$form/index.txt
		refused $form 77 shrunk root $form issue
		grep -v 1001 kept >$form/index.txt
		refused $form 77 shrunk root $form issue
		says 1001
		cp kept $form/index.txt
		root $form issue --quiet
		[ "$(crl_number "$(last_crl $form corp)")" = 2B ]
		lists "$(last_crl $form corp)" 1000
		lists "$(last_crl $form corp)" 1001
	done
}

@test "--last-crl without a number counts as 0" {
	old_root ca p256
	sed -i 's/^crlnumber = .*//' ca/ca.cnf
	openssl ca -gencrl -config ca/ca.cnf -out last.pem
	rm ca/crlnumber
	run init ca --output ca/crlferry.cfg --last-crl last.pem
	[ "$status" -eq 0 ]
	says 'note: last.pem has no CRL number: it counts as 0'
	sed -i 's/^air_gap = .*/air_gap = "off";/' ca/crlferry.cfg
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 01 ]
}

@test "--last-crl that is not this root's is refused, nothing is made" {
	old_root ca p256
	old_root other p256
	old_root named p256 'Another Name'
	openssl ca -gencrl -config other/ca.cnf -out other.pem
	openssl ca -gencrl -config named/ca.cnf -out named.pem
	openssl ca -gencrl -config ca/ca.cnf -out good.pem
	openssl crl -in good.pem -outform DER -out good.crl
	echo garbage >garbage
	: >empty
	(cat good.crl && echo) >trailing.crl
	head -c 100 good.crl >cut.crl
	not_init 65 issuer --last-crl other.pem
	says authorityKeyIdentifier
	sed -i 's/^authorityKeyIdentifier = keyid/issuerAltName = DNS:x/' \
		other/ca.cnf
	openssl ca -gencrl -config other/ca.cnf -out plain.pem
	not_init 65 signature --last-crl plain.pem
	not_init 65 issuer --last-crl named.pem
	not_init 65 format --last-crl garbage
	not_init 65 format --last-crl empty
	not_init 65 format --last-crl trailing.crl
	not_init 65 format --last-crl cut.crl
	not_init 65 format --last-crl ca
	not_init 66 missing --last-crl none.pem
}

@test "--last-crl does not take the place of what a state folder holds" {
	old_root ca p256
	openssl ca -gencrl -config ca/ca.cnf -out last.pem
	adopt_root ca corp
	root ca issue --first --quiet
	mv ca/crlferry.cfg kept.cfg
	refused ca 64 usage init ca --output ca/crlferry.cfg \
		--last-crl last.pem
	[ ! -e ca/crlferry.cfg ]
	mv kept.cfg ca/crlferry.cfg
	root ca issue --quiet
}

@test "--last-crl after an init that was cut off: the rest is done" {
	old_root ca p256
	openssl ca -gencrl -config ca/ca.cnf -out last.pem
	init ca --output ca/crlferry.cfg --last-crl last.pem --quiet
	rm ca/crlferry.cfg
	sed -i '$d' ca/state/ledger.jsonl
	init ca --output ca/crlferry.cfg --last-crl last.pem --quiet
	jq -es '[.[].event] == ["adopt-intent", "adopt"]' \
		ca/state/ledger.jsonl
	rm -r ca/crlferry.cfg ca/state/ledger.jsonl
	rm ca/state/corp/archive/000001.crl
	init ca --output ca/crlferry.cfg --last-crl last.pem --quiet
	root ca ledger verify
}

@test "--crlnumber elsewhere, --schedule by name, --quiet" {
	local schedule
	old_root ca p256
	echo 0200 >elsewhere
	init ca --output new.cfg --crlnumber elsewhere --schedule quarterly \
		--quiet >out 2>&1
	[ ! -s out ]
	sed -i 's/^air_gap = .*/air_gap = "off";/' new.cfg
	"$ROOT_PROGRAM" issue --first --config new.cfg --json |
		jq -e '.issued[0].number == "512"'
	[ "$(cat elsewhere)" = 0201 ]
	[ "$(cat ca/crlnumber)" = 01 ]
	for schedule in semiannual quarterly monthly annual annual-br; do
		init ca --output $schedule.cfg --schedule $schedule --quiet
		"$ROOT_PROGRAM" plan --config $schedule.cfg |
			grep -q "schedule $schedule leaves no gap"
	done
	rm new.cfg
	not_init 78 config --schedule fortnightly
	not_init 78 config --schedule ../ca/index
}

@test "a schedule beside the configuration goes before the installed one" {
	old_root ca p256
	mkdir schedules
	sed 's/^every = .*/every = "3 months";/; s/^from  = .*/from = "2026-02";/' \
		"$BUILD/schedules/semiannual.cfg" >schedules/semiannual.cfg
	init ca --output new.cfg --quiet
	"$ROOT_PROGRAM" plan --config new.cfg --at 2026-12-01 --years 1 \
		--json | jq -e '[.. | strings] | any(startswith("2027-02"))'
}

@test "each required option is asked for" {
	old_root ca p256
	local option
	local -A given=([name]=corp [certificate]=ca/root.pem
		[key]=ca/root.key [index]=ca/index.txt)
	for option in "${!given[@]}"; do
		local words=() other
		for other in "${!given[@]}"; do
			[ "$other" = "$option" ] ||
				words+=("--$other" "${given[$other]}")
		done
		refused . 64 usage "$ROOT_PROGRAM" init "${words[@]}" \
			--output new.cfg
		says "usage: --$option is required"
		[ ! -e new.cfg ]
	done
}

@test "wrong options and names are usage" {
	old_root ca p256
	local name
	for name in '' Corp 'a b' a/b ../a a_b é \
		aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; do
		not_init 64 usage --name "$name"
		not_init 64 usage --subordinate "$name=ca/root.pem"
	done
	not_init 64 usage --subordinate one
	not_init 64 usage --subordinate one=
	not_init 64 usage --nonsense
	not_init 64 usage --key
	not_init 64 usage more
	init ca --output new.cfg --quiet \
		--name aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
}

@test "a schedule that is not installed: those that are" {
	old_root ca p256
	not_init 78 config --schedule yearly
	says "config: no schedule \"yearly\"; installed: annual, annual-br, "
	says 'or write ./schedules/yearly.cfg'
}

@test "missing and wrong files" {
	old_root ca p256
	not_init 66 missing --certificate none.pem
	not_init 66 missing --key none.key
	not_init 66 missing --index none.txt
	not_init 66 missing --subordinate one=none.pem
	not_init 65 format --certificate ca/index.txt
	not_init 65 format --certificate ca
	not_init 65 format --key ca
	not_init 65 format --index ca
	not_init 65 format --index ca/root.pem
	not_init 65 format --subordinate one=ca/root.key
	mkfifo fifo
	not_init 65 format --index fifo
	not_init 65 format --certificate fifo
	not_init 65 format --key fifo
}

@test "a certificate that does not sign CRLs is no root" {
	old_root ca p256
	cp ca/root.pem good.pem
	sed -i 's/^keyUsage = .*/keyUsage = critical,keyCertSign/' ca/ca.cnf
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
		-subj /CN=x -days 9 -extensions v3_root -out ca/root.pem
	not_init 65 issuer
	says cRLSign
	cp good.pem ca/root.pem
	init ca --output new.cfg --quiet
}

@test "a subordinate of another root is refused" {
	old_root ca p256
	old_root other p256
	old_root named p256 'Another Name'
	make_sub other one
	make_sub named one
	make_sub ca one
	not_init 65 signature --subordinate one=other/one.pem
	not_init 65 issuer --subordinate one=named/one.pem
	not_init 65 signature --subordinate one=ca/one.pem \
		--subordinate two=other/one.pem
	not_init 78 config --subordinate one=ca/one.pem \
		--subordinate one=ca/one.pem
	init ca --output new.cfg --subordinate one=ca/one.pem --quiet
}

@test "loose modes: the key, the index" {
	local mode
	old_root ca p256
	for mode in 640 604 660 666 610; do
		chmod $mode ca/root.key
		not_init 77 permissions
	done
	chmod 400 ca/root.key
	for mode in 664 646; do
		chmod $mode ca/index.txt
		not_init 77 permissions
	done
	chmod 644 ca/index.txt
	init ca --output new.cfg --quiet
}

@test "an output that exists is never written over" {
	old_root ca p256
	echo precious >new.cfg
	not_init 64 usage
	rm new.cfg
	ln -s elsewhere.cfg new.cfg
	not_init 64 usage
	rm new.cfg
	mkdir new.cfg
	not_init 64 usage
	rmdir new.cfg
	init ca --output new.cfg --quiet
	not_init 64 usage
}

@test "air_gap is \"require\" where no network is up, else it says why not" {
	unshare -n true 2>/dev/null ||
		skip "a network namespace of its own cannot be made here"
	old_root ca p256
	unshare -n "$ROOT_PROGRAM" init --name corp \
		--certificate ca/root.pem --key ca/root.key \
		--index ca/index.txt --output apart.cfg --quiet
	grep -q '^air_gap = "require";' apart.cfg
	unshare -n sh -c 'ip link add plug0 type bridge &&
		ip link set plug0 up' || skip "a bridge cannot be made here"
	unshare -n sh -c "ip link add plug0 type bridge
		ip link set plug0 up
		'$ROOT_PROGRAM' init --name corp --certificate ca/root.pem \
			--key ca/root.key --index ca/index.txt \
			--output near.cfg --quiet"
	grep -q '^air_gap = "warn";' near.cfg
	grep -q '^# Interface plug0 was up' near.cfg
}

@test "a root that another program signs for needs no key" {
	old_root ca p256
	make_sub ca one
	openssl ca -gencrl -config ca/ca.cnf -out last.pem
	"$ROOT_PROGRAM" init --name corp --certificate ca/root.pem \
		--last-crl last.pem --subordinate one=ca/one.pem \
		--output ca/crlferry.cfg >said
	grep -q 'crlferry-root adopt corp FILE --config ca/crlferry.cfg' said
	run grep 'signing = ' ca/crlferry.cfg
	[ "$status" -eq 1 ]
	mkdir medium
	"$ROOT_PROGRAM" keygen ca/seal.key ca/seal.pub --no-passphrase --quiet
	# OpenSSL's times are whole seconds.
	sleep 1
	openssl ca -gencrl -config ca/ca.cnf -out next.pem
	root ca adopt corp next.pem --quiet
	root ca export medium --allow-fixed-disk --quiet
	refused ca 78 config root ca issue
	for half in '--key ca/root.key' '--index ca/index.txt' \
		'--crlnumber ca/crlnumber'
	do
		# shellcheck disable=SC2086 # an option and its value
		refuses 64 usage "$ROOT_PROGRAM" init --name corp \
			--certificate ca/root.pem $half --output half.cfg
		[ ! -e half.cfg ]
	done
}
