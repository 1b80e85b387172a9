#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# NIST's PKITS through the real program: every CRL against its pinned
# certificate, as verdicts.tsv says.  CRLFERRY_PKITS names the folder that has
# certs/, crls/ and verdicts.tsv.

load ../e2e/root_setup

setup() {
	[ -n "${CRLFERRY_PKITS:-}" ] ||
		skip "CRLFERRY_PKITS does not name the PKITS folder"
	make_folder
}

# judge CRL CERTIFICATE: import it, bare, into an empty DER store, on a day on
# which the good ones of PKITS are valid
judge() {
	rm -rf state store.crl
	cat >crlferry.cfg <<-CFG
		state = "state";
		roots = ( { name = "pkits"; bare = true;
		    certificate = "$CRLFERRY_PKITS/certs/$2.crt";
		    subordinates = ( { name = "none";
			stores = ( { type = "der"; path = "store.crl"; } );
		    } ); } );
	CFG
	TZ=UTC run guarded faketime '2026-11-22 12:00:00' "$SUB_PROGRAM" \
		import --config crlferry.cfg "$CRLFERRY_PKITS/crls/$1.crl"
}

# token_of WHY: what a refusal for that reason must say, as alternatives
token_of() {
	case $1 in
	*"issuer"*"name"* | "issuer is"*) echo issuer ;;
	signature*) echo signature ;;
	expired*) echo expired ;;
	*) echo scope ;;
	esac
}

@test "all 43 rows of verdicts.tsv" {
	local crl cert verdict why rest wrong=0 rows=0
	while IFS=$'\t' read -r crl cert verdict why rest; do
		[ "$crl" != crl ] || continue
		rows=$((rows + 1))
		judge "$crl" "$cert"
		case $verdict in
		ACCEPT)
			[ "$status" -eq 0 ] && cmp store.crl \
				"$CRLFERRY_PKITS/crls/$crl.crl" && continue
			;;
		REJECT)
			[ "$status" -ne 0 ] && [ ! -e store.crl ] &&
				[ ! -e state/pkits ] &&
				[[ $output == *": $(token_of "$why"): "* ]] &&
				[[ $output == *": remedy: "* ]] && continue
			;;
		esac
		echo "$crl: want $verdict ($why), have $status: $output"
		wrong=$((wrong + 1))
	done <"$CRLFERRY_PKITS/verdicts.tsv"
	[ "$rows" -eq 43 ]
	[ "$wrong" -eq 0 ]
}

@test "every CRL that is accepted is refused under the next one's key" {
	local crls certs i
	mapfile -t crls < <(awk -F'\t' '$3 == "ACCEPT" { print $1 }' \
		"$CRLFERRY_PKITS/verdicts.tsv")
	mapfile -t certs < <(awk -F'\t' '$3 == "ACCEPT" { print $2 }' \
		"$CRLFERRY_PKITS/verdicts.tsv")
	[ "${#crls[@]}" -ge 10 ]
	for ((i = 0; i < ${#crls[@]}; i++)); do
		judge "${crls[i]}" "${certs[(i + 1) % ${#certs[@]}]}"
		echo "${crls[i]}: $status: $output"
		[ "$status" -eq 65 ]
		[[ $output == *": issuer: "* ]]
		[ ! -e store.crl ]
	done
}
