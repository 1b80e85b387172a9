#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The report in a real browser: at three widths, light, dark and on paper, with
# few pairs and with many, and with names that would be more than names.

load ../e2e/pki_setup

HOSTILE='<script>alert(1)<'
QUOTES="\"' onload=alert(1) x='&amp;\""
HEBREW=$'\u05e9\u05dc\u05d5\u05dd \u202egpj.exe'
LONG=$(printf 'x%.0s' {1..200})

# The head of a pair's section in text: "test-root / sub-001  fresh  CRL 3 until"
HEAD='test-root / sub-[0-9]+ +[a-z-]+( +CRL [0-9]+ until .*)?$'

# Three CRLs, half a year apart, two of which came to the stores.
make_work() {
	local i=0 days
	export -f make_root make_key make_sub root sub
	export ROOT_PROGRAM SUB_PROGRAM BUILD
	faketime -f -500d bash -c 'make_root ca p256 && make_sub ca live &&
		make_sub ca "hostile"'
	openssl req -config ca/ca.cnf -new -key ca/hostile.key -out ca/h.csr \
		-subj "/CN=$HOSTILE $QUOTES" 2>/dev/null
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
		-in ca/h.csr -out ca/named.pem 2>/dev/null
	adopt_root ca test-root
	set -- --first
	for days in 400 200 1; do
		i=$((i + 1))
		mkdir "stick$i"
		# shellcheck disable=SC2016	# for the shell of that day
		TZ=UTC faketime -f "-${days}d" bash -c 'i=$1; shift
			root ca issue --quiet --confirm-date "$(date +%F)" "$@" &&
			root ca export "stick$i" --allow-fixed-disk --quiet' \
			- "$i" "$@"
		set --
	done
	make_sub_config ca test-root live
	TZ=UTC faketime -f -199d bash -c 'sub import stick2 --quiet'
	sub import stick3 --quiet
}

# pairs_of COUNT: so many subordinates on both machines, the last with awkward
# names of stores, the first without a CRL
pairs_of() {
	python3 - "$T" "$1" "$HOSTILE" "$QUOTES" "$HEBREW" "$LONG" <<-'END'
		import sys
		folder, count, *names = sys.argv[1:]
		count = int(count)

		def store(kind, path):
		    octets = path.encode(errors="surrogateescape")
		    return '{ type = "%s"; path = "%s"; }' % (kind, "".join(
		        "\\x%02x" % o if o < 32 or o in b'"\\' else chr(o)
		        for o in octets))

		def stores(i):
		    if i == count - 1 > 0:
		        return ", ".join(store("der", folder + "/stores/" + name)
		                         for name in names)
		    return store("pem", folder + (
		        "/none/all.pem" if i == 0 < count - 1 else
		        "/stores/all.pem"))

		def pair(i, machine):
		    text = '{ name = "sub-%03d"; ' % (i + 1)
		    if i == count - 1:
		        text += 'certificate = "%s/ca/named.pem"; ' % folder
		    if machine == "sub":
		        text += "stores = ( %s ); " % stores(i)
		    return text + "}"

		for machine in "ca", "sub":
		    with open(machine + "/crlferry.cfg", encoding="latin-1") as file:
		        text = file.read()
		    head = text[:text.index("subordinates = (")]
		    with open(machine + "/pairs.cfg", "w",
		              encoding="latin-1") as file:
		        file.write(head + "subordinates = ( " + ", ".join(
		            pair(i, machine) for i in range(count)) + " ); } );")
	END
}

# report PROGRAM FOLDER [OPTION]...: page.html of that machine
report() {
	local program=$1 folder=$2
	shift 2
	guarded "$program" report --config "$folder/pairs.cfg" \
		--output page.html "$@" 2>said || {
		cat said
		return 1
	}
}

# looks_well: in every way that a page is looked at
looks_well() {
	mkdir -p look
	guarded python3 "$BATS_TEST_DIRNAME/look_at_page.py" page.html look
}

# has TEXT: on the page, as the browser has it
has() {
	tr -s '\n ' ' ' <look/text | grep -qF -- "$1" || {
		echo "no \"$1\" on the page"
		return 1
	}
}

# whole_on_paper: no pair is cut by the end of a sheet
whole_on_paper() {
	local paper page pages words begun drawn told
	for paper in A4 Letter; do
		pages=$(pdfinfo "look/$paper.pdf" | sed -n 's/^Pages: *//p')
		[ "$pages" -gt 2 ]
		for page in $(seq "$pages"); do
			words=$(pdftotext -layout -f "$page" -l "$page" \
				"look/$paper.pdf" -)
			# Its head, its timeline and its table.
			begun=$(grep -cE "$HEAD" <<<"$words" || true)
			drawn=$(grep -c 'today 20' <<<"$words" || true)
			told=$(grep -cE 'State +Meaning' <<<"$words" || true)
			[ "$begun $begun" = "$drawn $told" ] || {
				echo "$paper, page $page: $words"
				return 1
			}
		done
	done
}

@test "one pair" {
	pairs_of 1
	report "$SUB_PROGRAM" sub
	looks_well
	whole_on_paper
	has "test-root / sub-001"
	has "1 fresh"
	has "CRL 3"
	has "the subordinate's stores"
}

@test "names that would be more than names are only shown" {
	local name shown
	pairs_of 5
	report "$SUB_PROGRAM" sub
	looks_well
	whole_on_paper
	has "1 missing"
	# The place of every store is on the page, as it was written.
	for name in "$HOSTILE" "$QUOTES" "${HEBREW/$'\u202e'/?}" "$LONG"; do
		has "$T/stores/$name"
	done
	has 'CN=\<script\>alert(1)\<'
	has "onload=alert(1)"
}

@test "200 pairs, those that need attention first" {
	local shown
	pairs_of 200
	report "$SUB_PROGRAM" sub
	looks_well
	has "198 fresh"
	shown=$(grep -oE 'test-root / sub-[0-9]{3}' look/text)
	[ "$(sort -u <<<"$shown" | wc -l)" -eq 200 ]
	grep -E 'sub-(001|200)' <(head -n 2 <<<"$shown") | sort -u | wc -l |
		grep -qx 2
	# The others are folded, and one opens if it is gone to.
	[ "$(grep -c '<details open>' page.html)" -eq 2 ]
	[ "$(grep -c '<details>' page.html)" -eq 198 ]
}

@test "the root's page, a day before its CRL ends and 40 pairs stop" {
	local at
	# None is folded, and paper takes no time either.
	pairs_of 40
	at=$(openssl crl -in "$(crl_of stick3)" -inform DER -noout \
		-nextupdate | sed 's/.*=//')
	at=$(date -u -d "$at 36 hours ago" +%FT%TZ)
	report "$ROOT_PROGRAM" ca --at "$at"
	looks_well
	whole_on_paper
	has "the root's archive"
	has "As things would stand on ${at%T*}"
	has "Hold a ceremony"
	has "UTC (in 36 hours)"
	has "was missed"
	has "40 critical"
	has "CRL 1"
	pairs_of 5
	report "$ROOT_PROGRAM" ca --at 2090-01-01 --years 50
	looks_well
	has "expired"
}

@test "what is wrong with a page is seen" {
	local want
	pairs_of 1
	report "$SUB_PROGRAM" sub
	sed -i 's/--soft:#4b5159/--soft:#999/; s/--warn:#f6c76d/--warn:#765/
		s/<h3>/<h4>/; s/role="img"//
		s,</main>,<p style="width:1200px">x</p><script>1</script>&,
		s,</main>,<b onclick="x" id="main">&,' page.html
	run looks_well
	[ "$status" -eq 1 ]
	for want in "1000 light: contrast" "1600 dark: contrast" \
		"heading out of order" "a picture without a name" \
		"400 light: overflow" "console: " "an element SCRIPT" \
		"an attribute onclick" "an id twice"; do
		[[ $output == *"$want"* ]] || {
			echo "not seen: $want: $output"
			return 1
		}
	done
}
