#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Two stores of three fail, each in each of its ways: both keep what they held,
# octet for octet, the third is done, and a rerun converges.

load ../e2e/pki_setup

# Each store, and each of its ways to fail.
WAYS="hash:hook hash:barred all.pem:hook all.pem:barred one.crl:hook
one.crl:barred"

# The same if a consumer that is reached by commands takes the place of `hash`.
PUSH_WAYS="push:hook push:refused push:silent"
OTHER_WAYS="all.pem:hook one.crl:barred"

# push_instead: of the store of type hashdir
push_instead() {
	mkdir -p bin
	printf '#!/bin/sh\ncp "$1" "%s/stores/push"\n' "$T" >bin/push
	printf '#!/bin/sh\ncat "%s/stores/push"\n' "$T" >bin/pull
	chmod 755 bin/push bin/pull
	configure "s|\"hashdir\"|\"command\"|; s|path = .*/hash\";|\
install = [ \"$T/bin/push\", \"{der}\" ]; read = [ \"$T/bin/pull\" ];|"
	cp "$(crl_of stick1)" stores/push
	rm -r stores/hash
	rm -rf working
	cp -r bin working
}

# named STORE: how messages call it
named() {
	case $1 in
	push) echo "$T/bin/push '{der}'" ;;
	*) echo "$T/stores/$1" ;;
	esac
}

# spoil STORE WAY: a hook that fails once the new CRL stands there, something
# that no import may replace, or a command that fails
spoil() {
	case $2:$1 in
	hook:*)
		printf '#!/bin/sh\nexit 1\n' >"hook-$1"
		chmod +x "hook-$1"
		configure "s,\(path = .*/$1\"\|bin/$1.*bin/pull\" \]\);,& \
verify = [ \"$T/hook-$1\" ];,"
		;;
	refused:push) printf '#!/bin/sh\nexit 3\n' >bin/push ;;
	silent:push) printf '#!/bin/sh\nexit 7\n' >bin/pull ;;
	barred:hash)
		mkdir folder
		mv "$(hash_slot 0)" folder/
		mv folder "$(hash_slot 0)"
		;;
	barred:all.pem) cat ca/live.key >stores/all.pem ;;
	barred:one.crl) cp other.crl stores/one.crl ;;
	esac
}

mend() {
	case $2:$1 in
	hook:*) printf '#!/bin/sh\n' >"hook-$1" ;;
	refused:push) cp working/push bin/ ;;
	silent:push) cp working/pull bin/ ;;
	barred:hash) rm -r "$(hash_slot 0)" ;;
	barred:*) rm "stores/$1" ;;
	esac
}

# content STORE: names, modes and octets
content() {
	find "stores/$1" -printf '%p %y %m %U:%G\n' | sort
	digest_of "stores/$1"
}

# number_of STORE: what import says that it has now
number_of() {
	sed -n "s,^  [a-z]* $(named "$1"): ,,p" <<<"$output"
}

# lacks STORE: it is said to have another than the new one
lacks() {
	[[ $(number_of "$1") == still* || $(number_of "$1") == "cannot be read" ]]
}

# three_hold STICK
three_hold() {
	local first=stores/push
	[ -e "$first" ] || first=$(hash_slot 0)
	holds "$first" "$1" && holds stores/all.pem "$1" &&
		holds stores/one.crl "$1"
}

# fails_twice STORE WAY STORE WAY THIRD
fails_twice() {
	local one two
	spoil "$1" "$2"
	spoil "$3" "$4"
	one=$(content "$1")
	two=$(content "$3")
	run --separate-stderr import stick2
	[ "$status" -eq 69 ] || return
	# each of both is said, and each of three has its line
	[ "$(grep -c "$(named "$1"): not installed: " <<<"$stderr")" -eq 1 ] &&
		[ "$(grep -c "$(named "$3"): not installed: " <<<"$stderr")" \
			-eq 1 ] &&
		lacks "$1" &&
		lacks "$3" &&
		[ "$(number_of "$5")" = "#2" ] || return
	[ "$one" = "$(content "$1")" ] && [ "$two" = "$(content "$3")" ] &&
		leaves_nothing || return
	jq -e '.number == "2"' sub/state/test-root/accepted.json >/dev/null &&
		[ -e sub/state/test-root/importing ] || return
	run sub check
	[ "$status" -eq 2 ] || return
	# one that is mended leaves the other
	mend "$1" "$2"
	run --separate-stderr import stick2
	[ "$status" -eq 69 ] && [[ $(number_of "$1") == "#2" ]] &&
		lacks "$3" &&
		[ "$two" = "$(content "$3")" ] || return
	mend "$3" "$4"
	run import stick2
	[ "$status" -eq 0 ] && [[ $output == *"was accepted before; the \
stores that lacked it have it now"*"1 of 3 changed"* ]] &&
		three_hold stick2 || return
	[ ! -e sub/state/test-root/importing ] && run import stick2 &&
		[[ $output == *"nothing changed"* ]]
}

make_other() {
	make_older_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl 2>/dev/null |
		openssl crl -outform DER -out other.crl
}

# as_before: every store has the CRL of stick1
as_before() {
	rm -rf sub stores
	cp -a ../saved/sub ../saved/stores .
}

@test "two of three fail, in every combination" {
	local one two third cases=0
	make_other
	for one in $WAYS; do
		for two in $WAYS; do
			[[ ${one%:*} < ${two%:*} ]] || continue
			third=$(printf '%s\n' hash all.pem one.crl |
				grep -vxF -e "${one%:*}" -e "${two%:*}")
			as_before
			fails_twice "${one%:*}" "${one#*:}" "${two%:*}" \
				"${two#*:}" "$third" || {
				echo "$one $two: $output ${stderr:-}"
				return 1
			}
			cases=$((cases + 1))
		done
	done
	[ "$cases" -eq 12 ]
}

@test "a command and one of two files fail" {
	local one two third cases=0
	make_other
	for one in $PUSH_WAYS; do
		for two in $OTHER_WAYS; do
			third=$(printf '%s\n' all.pem one.crl |
				grep -vxF "${two%:*}")
			as_before
			push_instead
			fails_twice push "${one#*:}" "${two%:*}" "${two#*:}" \
				"$third" || {
				echo "$one $two: $output ${stderr:-}"
				return 1
			}
			cases=$((cases + 1))
		done
	done
	[ "$cases" -eq 6 ]
}
