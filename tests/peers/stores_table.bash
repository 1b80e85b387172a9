# SPDX-License-Identifier: ISC
# The rows of the table in doc/stores.md, from what the tests observed.
# shellcheck shell=bash

# stores_rows FOLDER: of each consumer that has a folder in it, whose files are
# the columns; * for what was not observed
stores_rows() {
	local name column
	find "$1" -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C sort -f |
		while read -r name; do
			printf '| %s' "$name"
			for column in type reload missing expired; do
				printf ' | %s' "$(cat "$1/$name/$column" \
					2>/dev/null || echo '*')"
			done
			echo ' |'
		done
}
