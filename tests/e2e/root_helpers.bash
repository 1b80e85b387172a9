# SPDX-License-Identifier: ISC
# What the tests of crlferry-root share, beyond helpers.bash.
# shellcheck shell=bash
# output is what `run` of bats leaves
# shellcheck disable=SC2154

# says TEXT: the last run said it
says() {
	[[ $output == *"$1"* ]] || {
		echo "want \"$1\", have: $output"
		return 1
	}
}

# says_not TEXT
says_not() {
	[[ $output != *"$1"* ]] || {
		echo "want no \"$1\", have: $output"
		return 1
	}
}

# no_leftovers: nothing half-written is left in the test's folder
no_leftovers() {
	local left
	left=$(find "$T" -name '*.crlferry-new' -o -name 'unverified.cr[lt]')
	[ -z "$left" ] || {
		echo "want nothing left behind, have: $left"
		return 1
	}
}

# refused FOLDER STATUS TOKEN COMMAND...: as `refuses`, nothing in FOLDER has
# changed, and nothing is left behind
refused() {
	local folder=$1 before
	shift
	before=$(digest_of "$folder")
	refuses "$@" || return
	[ "$before" = "$(digest_of "$folder")" ] || {
		echo "want $folder unchanged, have: $(find "$folder")"
		return 1
	}
	no_leftovers
}

# refused_alone FOLDER STATUS TOKEN COMMAND...: as `refused`, where even the
# empty state folder must not appear
refused_alone() {
	local folder=$1
	refused "$@" || return
	[ ! -e "$folder/state" ] || {
		echo "want no state folder, have one"
		return 1
	}
}

# last_crl FOLDER ROOT: the path of the highest archived CRL
last_crl() {
	local all=("$1/state/$2/archive"/*.crl)
	[ -f "${all[-1]}" ] && echo "${all[-1]}"
}

# crl_text CRL
crl_text() {
	openssl crl -inform DER -in "$1" -noout -text
}

# crl_number CRL: in hex, as the crlnumber file has it
crl_number() {
	openssl crl -inform DER -in "$1" -noout -crlnumber |
		sed 's/^crlNumber=0x//'
}

# crl_time CRL lastupdate|nextupdate: YYYYMMDDHHMMSSZ
crl_time() {
	openssl crl -inform DER -in "$1" -noout "-$2" -dateopt iso_8601 |
		sed 's/.*=//; s/[-: ]//g'
}

# crl_count CRL: how many entries
crl_count() {
	crl_text "$1" | grep -c '^    Serial Number: ' || true
}

# lists CRL SERIAL
lists() {
	crl_text "$1" | grep -qi "^    Serial Number: $2\$"
}

# lists_not CRL SERIAL
lists_not() {
	crl_text "$1" >"$T/crl.text" || return 1
	[ "$(grep -ci "^    Serial Number: $2\$" "$T/crl.text")" -eq 0 ]
}

# verifies FOLDER CRL: OpenSSL and GnuTLS accept it
verifies() {
	openssl crl -inform DER -in "$2" -CAfile "$1/root.pem" -noout 2>&1 |
		grep -qx 'verify OK' || return 1
	openssl crl -inform DER -in "$2" -out "$T/verify.pem" || return 1
	certtool --verify-crl --load-ca-certificate "$1/root.pem" \
		--infile "$T/verify.pem" 2>&1 | grep -q ': Verified\.'
}

# tbs_of CRL: the octets of its tbsCertList
tbs_of() {
	perl -0777 -ne '
		# sizes of the header at an offset, and of its content
		sub header {
			my ($at) = @_;
			my $size = ord(substr($_, $at + 1, 1));
			return (2, $size) if $size < 128;
			my $more = $size & 127;
			$size = 0;
			$size = $size * 256 + $_
			    for unpack("C*", substr($_, $at + 2, $more));
			return (2 + $more, $size);
		}
		my $crl = $_;
		my ($outer) = header(0);
		my ($inner, $size) = header($outer);
		print substr($crl, $outer, $inner + $size);' "$1"
}

# openssl_crl FOLDER OURS OUT [OPTION]...: what `openssl ca -gencrl` makes of
# the same index, under the number and the dates of OURS
openssl_crl() {
	local folder=$1 ours=$2 out=$3
	shift 3
	crl_number "$ours" >"$folder/peer.crlnumber"
	sed "s,^crlnumber = .*,crlnumber = $PWD/$folder/peer.crlnumber," \
		"$folder/ca.cnf" >"$folder/peer.cnf"
	openssl ca -gencrl -config "$folder/peer.cnf" \
		-crl_lastupdate "$(crl_time "$ours" lastupdate)" \
		-crl_nextupdate "$(crl_time "$ours" nextupdate)" \
		-out "$folder/peer.pem" "$@" 2>"$T/openssl.log" &&
		openssl crl -in "$folder/peer.pem" -outform DER -out "$out"
}

# How many different reasons make_index knows.
REASON_COUNT=13

# make_index COUNT [FIRST]: an index of COUNT revocations, not in order, with
# serials of all sizes and every reason that an index and a complete CRL can
# hold, the FIRST-th first; lines of V and E between them
make_index() {
	perl -e '
		my ($count, $first) = @ARGV;
		my @reasons = ("", ",keyCompromise", ",CACompromise",
		    ",affiliationChanged", ",superseded",
		    ",cessationOfOperation", ",certificateHold",
		    ",holdInstruction,holdInstructionReject",
		    ",holdInstruction,1.2.840.10040.2.2",
		    ",holdInstruction,1.3.6.1.4.1.99999.4294967296.7",
		    ",keyTime,20231231235959Z", ",CAkeyTime,19700101000000Z",
		    ",KEYCOMPROMISE");
		my @serials = ("%06X", "%08X", "cdc09b047b3af9634f02%08x",
		    "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF%08X", "00%06X");
		die if @reasons != $ENV{REASON_COUNT};
		for (0 .. $count - 1) {
			my $i = $_ * 7919 % $count;
			my $form = ($i + $first) % @serials;
			my $serial = sprintf($serials[$form],
			    ($form == 1 ? 0x80000000 : 0) + 16 + $i);
			printf("R\t350101000000Z\t%02d0229010203Z%s\t%s\t" .
			    "unknown\t/CN=revoked %d\n", 4 * ($i % 6),
			    $reasons[($i + $first) % @reasons], $serial, $i);
			next if $i % 3;
			printf("%s\t350101000000Z\t\tAA%08X\tunknown\t" .
			    "/CN=other %d\n", $i % 2 ? "E" : "V", $i, $i);
		}' "$1" "${2:-0}"
}
export REASON_COUNT

# old_root FOLDER KEYTYPE [NAME]: as make_root, but two days ago, so that
# thisUpdate can be backdated as it is on a real root
old_root() {
	export -f make_root make_key
	faketime '-2 days' bash -c 'make_root "$@"' bash "$@"
}

# make_corp [SUB]...: in ca, the root corp and its subordinates; nothing is
# issued
make_corp() {
	local sub
	old_root ca p256
	for sub; do
		make_sub ca "$sub"
	done
	adopt_root ca corp
}
