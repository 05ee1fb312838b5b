#!/bin/sh
# check_internals.sh - what doc/internals and the other pages for readers name
# is there: functions, files, and the pages they lead to.

top_srcdir=${top_srcdir:-.}
tests=0
failed=0
cd "$top_srcdir" || exit 99

# report MISSING NAME: one line of TAP
report() {
	tests=$((tests + 1))
	if [ -z "$1" ]; then
		echo "ok $tests - $2"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $2"
		echo "# missing:$1"
	fi
}

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
	report "$missing" "$name: the functions are there"
	missing=
	for file in $(quoted "$page" '[a-z_0-9/]+[.][chS]'); do
		[ -n "$(find lib daemon cli doc -path "*/$file" -o \
		    -path "$file")" ] || missing="$missing $file"
	done
	report "$missing" "$name: the files are there"
done

for page in README.md CONTRIBUTING.md doc/*.md doc/internals/*.md; do
	missing=
	for link in $(grep -Eo '\]\([^)#:]+\)' "$page" | tr -d '])('); do
		[ -e "$(dirname "$page")/$link" ] || missing="$missing $link"
	done
	report "$missing" "$page: the links lead somewhere"
done

echo "1..$tests"
exit $((failed > 0))
