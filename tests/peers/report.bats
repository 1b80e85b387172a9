#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The report in a real browser: at three widths, light, dark and on paper, with
# few pairs and with many, and with names that would be more than names.

load ../e2e/work_setup

HOSTILE='<script>alert(1)<'
QUOTES="\"' onload=alert(1) x='&amp;\""
HEBREW=$'\u05e9\u05dc\u05d5\u05dd \u202egpj.exe'
LONG=$(printf 'x%.0s' {1..200})

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
	local paper page pages words begun
	for paper in A4 Letter; do
		pages=$(pdfinfo "look/$paper.pdf" | sed -n 's/^Pages: *//p')
		[ "$pages" -gt 2 ]
		for page in $(seq "$pages"); do
			words=$(pdftotext -layout -f "$page" -l "$page" \
				"look/$paper.pdf" -)
			begun=$(grep -c 'test-root / sub-.* until ' \
				<<<"$words" || true)
			[ "$begun" -eq "$(grep -c 'If nobody acts' \
				<<<"$words")" ] || {
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
