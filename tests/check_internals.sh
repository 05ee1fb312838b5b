#!/bin/sh
# check_internals.sh - what doc/internals and the other pages for readers name
# is there: functions, files, and the pages they lead to.

top_srcdir=${top_srcdir:-.}
cd "$top_srcdir" || exit 99
. tests/tap.sh

# Every word of the sources, a line each.
words=$(mktemp)
trap 'rm -f "$words"' EXIT
find lib daemon cli -name '*.[chS]' -exec cat {} + |
    grep -Eo '[A-Za-z_][A-Za-z0-9_]*' | sort -u >"$words"
# Not ours, and spoken of: what the C library has.
printf '%s\n' execvp >>"$words"

# quoted PAGE EXPRESSION: what stands there in backquotes and looks like that
quoted() {
	grep -Eo "\`$2\`" "$1" | tr -d '`()' | sort -u
}

for page in doc/internals/*.md; do
	name=$(basename "$page" .md)
	missing=
	for word in $(quoted "$page" '[a-z_0-9]+\(\)'); do
		grep -qx "$word" "$words" || missing="$missing $word()"
	done
	breaches "$name: the functions are there" "$missing"
	missing=
	for file in $(quoted "$page" '[a-z_0-9/]+[.][chS]'); do
		[ -n "$(find lib daemon cli doc -path "*/$file" -o \
		    -path "$file")" ] || missing="$missing $file"
	done
	breaches "$name: the files are there" "$missing"
done

for page in README.md CONTRIBUTING.md doc/*.md doc/internals/*.md; do
	missing=
	for link in $(grep -Eo '\]\([^)#:]+\)' "$page" | tr -d '])('); do
		[ -e "$(dirname "$page")/$link" ] || missing="$missing $link"
	done
	breaches "$page: the links lead somewhere" "$missing"
done

plan
