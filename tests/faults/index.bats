#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What can be wrong with OpenSSL's index.txt, and how openssl takes it.

load ../e2e/root_setup

setup() {
	make_folder
	old_root ca p256
	make_sub ca one
	make_sub ca two
	make_sub ca three
	revoke_sub ca one
	revoke_sub ca two superseded
	adopt_root ca corp
	root ca issue --first --quiet
	cp ca/index.txt good
}

# openssl_signs COUNT: openssl ca -gencrl makes a CRL of COUNT entries from it
openssl_signs() {
	cp ca/crlnumber crlnumber.kept
	openssl ca -gencrl -config ca/ca.cnf -out blind.pem 2>/dev/null ||
		return
	mv crlnumber.kept ca/crlnumber
	openssl crl -in blind.pem -outform DER -out blind.crl
	[ "$(crl_count blind.crl)" -eq "$1" ]
}

# line STATUS EXPIRY REVOKED SERIAL: one line of an index
line() {
	printf '%s\t%s\t%s\t%s\tunknown\t/CN=line %s\n' "$1" "$2" "$3" "$4" \
		"$4"
}

# takes SERIAL...: issue lists exactly these beside the two of setup
takes() {
	local serial
	root ca issue --quiet || return
	[ "$(crl_count "$(last_crl ca corp)")" -eq $((2 + $#)) ] || return
	for serial; do
		lists "$(last_crl ca corp)" "$serial" || return
	done
}

# not_line TEXT: refused, naming the fourth line, whether it is the last
not_line() {
	cat good - >ca/index.txt <<<"$1"
	refused ca 65 format root ca issue || return
	says 'ca/index.txt:4: '
}

@test "emptied: openssl signs an empty CRL, we refuse" {
	: >ca/index.txt
	openssl_signs 0
	refused ca 77 shrunk root ca issue
	says 1000
	says '(2 in all)'
}

@test "cut in half: openssl signs what is left, we refuse" {
	# In the middle of a line.
	head -c $(($(stat -c %s good) / 2)) good >ca/index.txt
	openssl_signs 1
	refused ca 65 format root ca issue
	says 'ca/index.txt:2: '
	says 'cut off'
	# At the end of one.
	head -n 1 good >ca/index.txt
	openssl_signs 1
	refused ca 77 shrunk root ca issue
	says 1001
}

@test "cut anywhere: never fewer revocations than the last CRL has" {
	local size at
	size=$(stat -c %s good)
	for ((at = 0; at < size; at += 7)); do
		head -c "$at" good >ca/index.txt
		run root ca issue
		case $status in
		65) says 'crlferry-root: format: ' ;;
		77) says 'crlferry-root: shrunk: ' ;;
		# Only what was never revoked may be gone.
		0) [ "$(crl_count "$(last_crl ca corp)")" -eq 2 ] ;;
		*) return 1 ;;
		esac
	done
	no_leftovers
}

@test "a NUL first: openssl signs an empty CRL, we refuse" {
	(printf '\0' && cat good) >ca/index.txt
	openssl_signs 0
	refused ca 65 format root ca issue
	says 'ca/index.txt:1: the line has a NUL octet'
	# As a filesystem leaves it that lost power: all of them.
	head -c "$(stat -c %s good)" /dev/zero >ca/index.txt
	openssl_signs 0
	refused ca 65 format root ca issue
	# In the middle of a line.
	sed '2s/1001/10\x0001/' good >ca/index.txt
	refused ca 65 format root ca issue
	says 'ca/index.txt:2: '
}

@test "missing, a folder, a FIFO, loose modes" {
	rm ca/index.txt
	refused ca 66 missing root ca issue
	mkdir ca/index.txt
	refused ca 65 format root ca issue
	rmdir ca/index.txt
	mkfifo ca/index.txt
	refused ca 65 format guarded "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg
	rm ca/index.txt
	cp good ca/index.txt
	chmod 666 ca/index.txt
	refused ca 77 permissions root ca issue
	chmod 644 ca/index.txt
	takes
}

@test "CRLF is accepted, as openssl does" {
	sed 's/$/\r/' good >ca/index.txt
	openssl_signs 2
	takes
}

@test "comments are passed over, a BOM and blank lines are not" {
	(echo '# by hand' && cat good) >ca/index.txt
	openssl_signs 2
	takes
	(printf '\xef\xbb\xbf' && cat good) >ca/index.txt
	refused ca 65 format root ca issue
	says 'ca/index.txt:1: '
	(echo && cat good) >ca/index.txt
	refused ca 65 format root ca issue
	says 'ca/index.txt:1: '
}

@test "a serial twice is refused, in any spelling" {
	line R 351231235959Z 240102030405Z 1000 | cat good - >ca/index.txt
	refused ca 65 format root ca issue
	says 'serial 1000 is revoked twice'
	line R 351231235959Z 240102030405Z 001000 | cat good - >ca/index.txt
	refused ca 65 format root ca issue
	(line R 351231235959Z 240102030405Z ABCD
	line R 351231235959Z 240102030405Z abcd) | cat good - >ca/index.txt
	refused ca 65 format root ca issue
}

@test "reasons that no complete CRL can hold are refused by line" {
	local reason
	for reason in removeFromCRL privilegeWithdrawn aACompromise nonsense \
		'keyCompromise,more' keyTime 'keyTime,' keyTime,240102030405Z \
		keyTime,20240102030405 keyTime,20241302030405Z \
		CAkeyTime,20240102030405.5Z holdInstruction \
		'holdInstruction,' holdInstruction,1.2.x 'holdInstruction,3.1.1' \
		' keyCompromise' 'keyCompromise '; do
		not_line "$(line R 351231235959Z "240102030405Z,$reason" 2000)"
	done
	says 'reason'
}

@test "hex digits: lower case is accepted, odd and none and other are not" {
	local serial
	line R 351231235959Z 240102030405Z abcd | cat good - >ca/index.txt
	openssl_signs 3
	takes ABCD
	cp ca/index.txt good
	for serial in ABC '' 0 0xAB 'AB CD' GG - -1 -100 +10 AB:CD; do
		cat good - <<<"$(line R 351231235959Z 240102030405Z \
			"$serial")" >ca/index.txt
		refused ca 65 format root ca issue
		says 'ca/index.txt:5: serial'
	done
	# Longer than any serial may be, refused rather than cut.
	cat good - <<<"$(line R 351231235959Z 240102030405Z \
		"$(printf 'AB%.0s' {1..65})")" >ca/index.txt
	refused ca 65 format root ca issue
}

@test "fields: status, number, dates" {
	local date
	not_line "$(line X 351231235959Z 240102030405Z 2000)"
	not_line "$(line v 351231235959Z '' 2000)"
	not_line "$(line '' 351231235959Z '' 2000)"
	not_line "$(line V 351231235959Z 240102030405Z 2000)"
	not_line "$(line R 351231235959Z '' 2000)"
	not_line "$(line R '' 240102030405Z 2000)"
	not_line "$(line V 351231235959Z '' 2000)$(printf '\tmore')"
	not_line "$(line V 351231235959Z '' 2000 | cut -f1-5)"
	for date in 24010203040Z 241302030405Z 240230030405Z 240102240405Z \
		240102030460Z 240102030405 2401020304Z 240102030405+0100 \
		'240102030405Z ' tomorrow; do
		not_line "$(line R 351231235959Z "$date" 2000)"
		not_line "$(line V "$date" '' 2000)"
	done
}

@test "escaped tabs and other octets in names are passed over" {
	(printf 'R\t351231235959Z\t240102030405Z\t2000\tunknown\t%s\n' \
		'/CN=tab \	in it/O=\\x80\xc3\xa9') | cat good - \
		>ca/index.txt
	openssl_signs 3
	takes 2000
	printf 'V\t351231235959Z\t\t2001\tunknown\t/CN=%s\n' $'\x80\xff\x01' \
		>>ca/index.txt
	takes 2000
	printf 'V\t351231235959Z\t\t2002\tunknown\t/CN=%s\n' \
		"$(head -c 20000 /dev/zero | tr '\0' x)" >>ca/index.txt
	takes 2000
}

@test "entries of status V and E are no revocations, expired ones stay" {
	(line E 200101000000Z '' 2000
	line V 20500101000000Z '' 2001
	line R 200101000000Z 190102030405Z 2002) | cat good - >ca/index.txt
	openssl_signs 3
	takes 2002
	lists_not "$(last_crl ca corp)" 2000
}
