#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The minutes, printed by a real browser.

load ../e2e/root_setup

setup() {
	make_folder
	mkdir pages
	DIGEST="4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f"
	DIGEST="$DIGEST $DIGEST"
	PAGES=$T/pages "$BUILD/tests/unit/test_minutes_page" >/dev/null 2>&1
}

# print_page NAME A4|Letter: pages/NAME.html as NAME.pdf and NAME.txt
print_page() {
	sed "s,</style>,@page{size:$2}&," "pages/$1.html" >"print-$1.html"
	guarded chromium --headless --no-sandbox --disable-gpu \
		--user-data-dir="$T/profile" --no-pdf-header-footer \
		--print-to-pdf="$T/$1.pdf" "file://$T/print-$1.html" \
		>chromium.log 2>&1 || {
		cat chromium.log
		return 1
	}
	pdftotext -layout "$1.pdf" "$1.txt"
}

# pages_of NAME
pages_of() {
	pdfinfo "$1.pdf" | sed -n 's/^Pages: *//p'
}

# says NAME PAGE TEXT: whatever white space lies between its words
says() {
	pdftotext -f "$2" -l "$2" "$1.pdf" - | tr -s ' \n\f' ' ' |
		grep -qF -- "$3"
}

# every_page_of NAME: each says what it belongs to, and its own number
every_page_of() {
	local page count
	count=$(pages_of "$1")
	for page in $(seq "$count"); do
		says "$1" "$page" \
			"Minutes of the ceremony of 2026-11-22, corp-root-g1 #000013"
		says "$1" "$page" "SHA-256 of the CRL $DIGEST"
		says "$1" "$page" "Page $page of $count"
	done
}

# words NAME: sorted; a line may have been broken at a hyphen
words() {
	tr -s ' \n\f-' '\n' <"$1.txt" | LC_ALL=C sort -u
}

# run_of LETTER: how long the word is that has nothing else, in all its lines
run_of() {
	tr -s ' \n\f/' '\n' <awkward.txt | grep -xE "$1+" | tr -d '\n' |
		wc -c
}

# lacks NAME WORD: no sheet has it
lacks() {
	[ "$(grep -c "$2" "$1.txt")" -eq 0 ]
}

@test "a quiet ceremony fits two sheets of A4" {
	print_page quiet A4
	pdfinfo quiet.pdf | grep -q '(A4)'
	[ "$(pages_of quiet)" -eq 2 ]
	says quiet 1 "4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f 4a7f"
	says quiet 1 "c01d c01d c01d c01d c01d c01d c01d c01d"
	says quiet 1 "83be 83be 83be 83be 83be 83be 83be 83be"
	every_page_of quiet
	says quiet 1 "CN=Mail Gateway"
	# Who agreed, and to what; who signs, and what.
	says quiet 2 "Alice Operator (operator), Bob Witness (W1) and Chârelle Zeuge (W2) agreed that CRL 13 of corp-root-g1 be signed: 2 added, 1 removed"
	says quiet 2 "Signatures"
	says quiet 2 "in which CRL 13 of corp-root-g1 was signed. Its SHA-256 is $DIGEST They compared it"
	says quiet 2 "Bob Witness, witness 1"
	says quiet 2 Place
	lacks quiet REHEARSAL
	lacks quiet EMERGENCY
}

@test "as much as there may be fits three sheets of either size" {
	local size
	for size in A4 Letter; do
		print_page full "$size"
		[ "$(pages_of full)" -le 3 ]
		grep -q EMERGENCY full.txt
		every_page_of full
		pdftotext full.pdf - | tr -s '\n' ' ' |
			grep -qF 'Internal Audit, witness 8'
		grep -q 'and 15 more' full.txt
		lacks full REHEARSAL
	done
}

@test "a rehearsal says so on every sheet, and covers nothing with it" {
	local size page
	for size in A4 Letter; do
		print_page rehearsal "$size"
		[ "$(pages_of rehearsal)" -le 4 ]
		every_page_of rehearsal
		for page in $(seq "$(pages_of rehearsal)"); do
			says rehearsal "$page" REHEARSAL
			# The banner is what each sheet begins with.
			[[ $(pdftotext -f "$page" -l "$page" rehearsal.pdf - |
				head -n 1) == REHEARSAL* ]]
		done
	done
	# A sheet has room for the banner, and for all that the real one shows.
	print_page full A4
	words rehearsal >have
	words full | LC_ALL=C comm -13 have - >missing
	cat missing
	[ ! -s missing ]
}

@test "texts that want to be more than text are shown as they are" {
	print_page awkward A4
	says awkward 1 '<script>alert(1)</script> & "a" '"'b'"
	says awkward 1 'a@b</dd>'
	# Words that are longer than any line are whole, nothing is cut off.
	[ "$(run_of x)" -eq 4094 ]
	[ "$(run_of f)" -eq 130 ]
	[ "$(run_of y)" -eq 511 ]
}
