# SPDX-License-Identifier: ISC
# Tokens of SoftHSM in the test's folder, and roots whose keys are in them.
# shellcheck shell=bash

SOFTHSM=/usr/lib/softhsm/libsofthsm2.so
# used by the tests
# shellcheck disable=SC2034
SPY=/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so

# engines_folder, modules_folder: where this libcrypto's are
engines_folder() {
	openssl version -e | sed 's/^[^"]*"//; s/"$//'
}

modules_folder() {
	openssl version -m | sed 's/^[^"]*"//; s/"$//'
}

# has_engine: is libp11's there?  Else a token is reached by pkcs11-provider.
has_engine() {
	[ -e "$(engines_folder)/pkcs11.so" ]
}

# engine_section, provider_section: the same for openssl's commands, as the
# beginning of an openssl.cnf; of a token whose PIN is 1234
engine_section() {
	cat <<-CNF
		openssl_conf = start
		[start]
		engines = engines
		[engines]
		pkcs11 = pkcs11
		[pkcs11]
		engine_id = pkcs11
		MODULE_PATH = $SOFTHSM
		PIN = 1234
		init = 0
	CNF
}

provider_section() {
	cat <<-CNF
		openssl_conf = start
		[start]
		providers = providers
		[providers]
		default = usual
		pkcs11 = pkcs11
		[usual]
		activate = 1
		[pkcs11]
		pkcs11-module-path = $SOFTHSM
		pkcs11-module-token-pin = 1234
		pkcs11-module-quirks = no-deinit
		activate = 1
	CNF
}

# start_tokens: SoftHSM with nothing in it
start_tokens() {
	export SOFTHSM2_CONF=$T/softhsm2.conf
	mkdir -p "$T/tokens"
	cat >"$SOFTHSM2_CONF" <<-CONF
		directories.tokendir = $T/tokens
		objectstore.backend = file
		log.level = ERROR
	CONF
	# What it spied on, and where it writes what it saw.
	export PKCS11SPY=$SOFTHSM PKCS11SPY_OUTPUT=$T/spy.log
}

# make_token LABEL PIN
make_token() {
	softhsm2-util --init-token --free --label "$1" --so-pin 98765432 \
		--pin "$2" >/dev/null
}

# put_key TOKEN PIN LABEL ID KEYFILE
put_key() {
	openssl pkcs8 -topk8 -nocrypt -in "$5" -out "$T/import.key" &&
		softhsm2-util --import "$T/import.key" --token "$1" \
			--pin "$2" --label "$3" --id "$4" >/dev/null
	rm -f "$T/import.key"
}

# use_key FOLDER URI: what the configuration has as signing.key
use_key() {
	perl -pi -e 'BEGIN { $uri = shift }
		s/^(\s*key = ").*?(";.*)$/$1$uri$2/' "$2" \
		"$1/crlferry.cfg" || return
	grep -qF "key = \"$2\"" "$1/crlferry.cfg"
}

# token_root FOLDER KEYTYPE TOKEN PIN: an adopted root, whose key is nowhere but
# in a new token, under the label "root"
token_root() {
	old_root "$1" "$2" "$3" && make_token "$3" "$4" &&
		put_key "$3" "$4" root 01a0 "$1/root.key" &&
		adopt_root "$1" corp &&
		use_key "$1" "pkcs11:token=$3;object=root?module-path=$SOFTHSM" &&
		rm "$1/root.key"
}

# logins: how many C_Login the spy saw
logins() {
	grep -c '^[0-9]*: C_Login$' "$T/spy.log" || true
}

# has_flag TEXT: one of the tokens shows that flag; has_no_flag: none does
has_flag() {
	pkcs11-tool --module "$SOFTHSM" --list-slots >"$T/slots" 2>&1
	grep -q "token flags.*$1" "$T/slots"
}

has_no_flag() {
	has_flag "$1" || return 0
	echo "want no \"$1\", have: $(cat "$T/slots")"
	return 1
}

# type_at PROMPT LINE COMMAND...: what it says on a terminal of its own, where
# LINE is typed once PROMPT is there and the echo is off; its exit status
type_at() {
	expect -f - -- "$@" <<-'EXP'
		log_user 0
		set timeout 300
		set prompt [lindex $argv 0]
		set line [lindex $argv 1]
		spawn {*}[lrange $argv 2 end]
		expect {
			-ex $prompt {}
			timeout { puts "no prompt"; exit 99 }
			eof { puts "no prompt: $expect_out(buffer)"; exit 99 }
		}
		while {[string match "* echo *" [exec stty -a \
		    <$spawn_out(slave,name)]]} { after 20 }
		send "$line\r"
		expect {
			eof { puts $expect_out(buffer) }
			timeout { puts "no end"; exit 99 }
		}
		exit [lindex [wait] 3]
	EXP
}
