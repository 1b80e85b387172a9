# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What the checks of the built programs share.

# program BUILD NAME: the path of a program in a build folder.
program()
{
	for path in "$1/cmd/$2" "$1/cmd/$2/$2"; do
		if [ -f "$path" ] && [ -x "$path" ]; then
			echo "$path"
			return 0
		fi
	done
	echo "want the program $2 in $1/cmd, have none" >&2
	return 1
}

# verbs PROGRAM: those that its --help lists, indented by two spaces.
verbs()
{
	"$1" --help </dev/null | sed -n 's/^  \([a-z][a-z-]*\)\( .*\)*$/\1/p'
}
