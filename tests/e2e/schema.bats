#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# doc/*.schema.json: what the programs print is what the schemas say, in every
# state, and nothing else is.

load pki_setup

DOC=$BATS_TEST_DIRNAME/../../doc
DOCUMENTS=$BATS_FILE_TMPDIR/documents

# keep TYPE/NAME COMMAND...: the document that it prints, of that type
keep() {
	local name=$1
	shift
	mkdir -p "$DOCUMENTS/crlferry-${name%/*}"
	"$@" >document 2>/dev/null || :
	[ "$(jq -r .type document)" = "crlferry-${name%/*}" ] || {
		echo "$*: want the type crlferry-${name%/*}: $(cat document)"
		return 1
	}
	mv document "$DOCUMENTS/crlferry-$name.json"
}

# days NAME COMMAND...: at every day that counts for the pairs, of a status
days() {
	local name=$1 day
	shift
	keep "status/$name-now" "$@"
	for day in $("$@" | jq -r '.now as $now | .pairs[0] |
		(.next_update | fromdate) as $stop | .upcoming_from, .deadline,
		.next_update, ([$stop - 15 * 86400, $stop - 86400,
		($now | fromdate) - 86400 * 2][] | todate)'); do
		keep "status/$name-$day" "$@" --at "$day"
	done
}

# nobody COMMAND...: as a user who may read what others may
nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# One document of every kind, in every state that the programs know.
make_work() {
	make_pki
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" 2>/dev/null || :
	mkdir bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$DOC"/../schedules/semiannual.cfg sub/schedules/
	sed -i 's/subordinates = (/&\n        { name = "live"; certificate = "live.pem"; }/' \
		ca/crlferry.cfg
	days sub sub status --json
	days check sub check --format json
	# The subordinate's certificate lasts ten years.
	keep status/ends sub status --json \
		--at "$(date -u -d '+119 months' +%F)"
	keep plan/sub sub plan --json
	keep probe/closed sub probe --json 127.0.0.1:1
	keep error/sub sub status --json --at soon
	mv stores/one.crl kept.crl
	keep status/missing sub status --json
	echo garbage >stores/one.crl
	keep status/invalid sub check --json
	cp kept.crl stores/one.crl
	chmod 000 stores/one.crl
	keep status/unreadable nobody bin/crlferry-sub status --json \
		--config sub/crlferry.cfg
	chmod 644 stores/one.crl
	import stick2 --quiet
	cp kept.crl stores/one.crl
	keep status/behind sub status --json
	rm -r sub/state
	days stateless sub status --json
	cp ca/bad.pem sub/bad.pem
	sed 's/"live/"bad/' sub/crlferry.cfg >sub/bad.cfg
	keep status/revoked "$SUB_PROGRAM" status --json --config sub/bad.cfg
	days root root ca status --json
	keep plan/root root ca plan --json
	revoke_sub ca live
	keep status/unpublished root ca status --json
	keep error/root root ca status --json --nonsense
}

# judge PYTHON: over `schemas`, by type, and `documents`, lists by type
judge() {
	python3 - "$DOC" "$DOCUMENTS" "$1" <<'PYTHON'
import copy, glob, json, os, sys
from jsonschema import Draft202012Validator

doc, folder, code = sys.argv[1:]

def load(path):
    with open(path) as file:
        return json.load(file)

schemas = {os.path.basename(path).replace(".schema.json", ""): load(path)
           for path in glob.glob(doc + "/*.schema.json")}
documents = {kind: {os.path.basename(path): load(path)
                    for path in glob.glob(folder + "/" + kind + "/*.json")}
             for kind in schemas}

def faults(kind, document):
    return list(Draft202012Validator(schemas[kind]).iter_errors(document))

def objects(value):
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else \
            value if isinstance(value, list) else ():
        yield from objects(part)

exec(code)
PYTHON
}

@test "each schema is one, closed, and named as its type" {
	[ -f "$DOC/crlferry-status.schema.json" ]
	judge '
for kind, schema in schemas.items():
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["type"]["const"] == kind, kind
    assert schema["properties"]["version"]["const"] == 1, kind
    for part in objects(schema):
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, (kind, part)
            assert part["required"] == list(part["properties"]), (kind, part)'
	# Each is installed, and named by the page on formats.
	for schema in "$DOC"/*.schema.json; do
		grep -q "'$(basename "$schema")'" "$DOC/meson.build"
		grep -q "\`$(basename "$schema")\`" "$DOC/formats.md"
	done
}

@test "what is printed is what the schema says" {
	judge '
assert len(documents["crlferry-status"]) > 25
ends = documents["crlferry-status"]["ends.json"]["pairs"][0]["concerns"]
assert [concern["kind"] for concern in ends] == ["subordinate-end"], ends
for kind in schemas:
    assert documents[kind], "no document of the type " + kind
    for name, document in documents[kind].items():
        found = ["%s: %s" % (list(fault.absolute_path), fault.message)
                 for fault in faults(kind, document)]
        assert not found, (kind, name, found)'
}

@test "a member too few or too many is found, wherever" {
	judge '
for kind in schemas:
    for name, document in documents[kind].items():
        for at in range(len(list(objects(document)))):
            wrong = copy.deepcopy(document)
            list(objects(wrong))[at]["surplus"] = 1
            assert faults(kind, wrong), (kind, name, at, "surplus")
            for key in list(objects(document))[at]:
                wrong = copy.deepcopy(document)
                del list(objects(wrong))[at][key]
                assert faults(kind, wrong), (kind, name, at, key)'
}

@test "a value of another kind is found" {
	judge '
for key, value in {"now": "2026-11-30", "severity": "ok", "version": 2,
                   "type": "crlferry-plan", "pairs": {}}.items():
    wrong = copy.deepcopy(documents["crlferry-status"]["sub-now.json"])
    wrong[key] = value
    assert faults("crlferry-status", wrong), key
for key, value in {"state": "due", "number": 1, "next_update": "2027",
                   "next_ceremony": "2027-01-01T00:00:00Z", "root": "A b",
                   "retired": None, "stores_failed": -1}.items():
    wrong = copy.deepcopy(documents["crlferry-status"]["sub-now.json"])
    wrong["pairs"][0][key] = value
    assert faults("crlferry-status", wrong), key'
}

@test "the states and tokens of the schemas are those of the programs" {
	local lib=$DOC/../lib
	diff <(sed -nE 's/^\tX\([A-Z_]+, "([a-z-]+)", [A-Z]+\).*/\1/p' \
		"$lib/plan/standing.h") \
		<(jq -r '."$defs".state.enum[]' \
			"$DOC/crlferry-status.schema.json")
	diff <(tr -d '\\\n' <"$lib/base/error.h" |
		grep -oE 'X\([A-Z_]*, [0-9]*, *"[a-z-]*"' |
		sed 's/.*"\(.*\)"/\1/' | grep -vx ok) \
		<(jq -r '.properties.token.enum[]' \
			"$DOC/crlferry-error.schema.json")
}

@test "every state was among what was judged" {
	diff <(jq -r '.pairs[].state' "$DOCUMENTS"/crlferry-status/*.json |
		sort -u) <(jq -r '."$defs".state.enum[]' \
		"$DOC/crlferry-status.schema.json" | sort)
}
