#!/bin/sh
# check_tour.sh - the tour is true: each program of it prints what its .txt file
# has, and so does its twin for asyncio; and what doc/tour.md shows of them
# stands in them.

top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
examples=$top_srcdir/examples
tour=$top_srcdir/doc/tour.md
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

. "$top_srcdir/tests/tap.sh"

# prints NAME FILE COMMAND...: the command prints the file, and ends with 0
prints() {
	name=$1 file=$2
	shift 2
	timeout 60 "$@" >"$tmp/got" 2>&1
	status=$?
	[ "$status" -eq 0 ] && cmp -s "$file" "$tmp/got"
	report $? "$name"
	[ "$status" -eq 0 ] || echo "# it ended with $status"
	diff "$file" "$tmp/got" | sed 's/^/# /'
}

python=$(command -v python3) &&
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    python=

for file in "$examples"/*.txt; do
	stem=$(basename "$file" .txt)
	prints "$stem.c prints $stem.txt" "$file" "$top_builddir/examples/$stem"
	[ "$(wc -l <"$examples/$stem.c")" -lt 80 ]
	report $? "$stem.c has less than 80 lines"
	grep -q "^\`\`\`c examples/$stem.c$" "$tour"
	report $? "$stem.c is a stop of the tour"
	[ -f "$examples/$stem.py" ] || continue
	if [ -n "$python" ]; then
		prints "$stem.py prints the same" "$file" \
		    "$python" "$examples/$stem.py"
	else
		skip "$stem.py prints the same" \
		    "there is no Python from 3.11 on"
	fi
done

# A block of the tour says after its kind which file it is of. Its lines stand
# there one after the other; those behind "..." somewhere further down.
awk -v top="$top_srcdir" -v quote='```' '
	function verdict() {
		blocks++
		print (wrong == "" ? "ok" : "not ok: " wrong), kind, file
	}
	function load(path,    line) {
		n = at = 0
		while ((getline line <path) > 0)
			text[++n] = line
		close(path)
	}
	# The lines of the piece, from one behind `at` on.
	function find(    i, j) {
		for (i = at + 1; i + lines - 1 <= n; i++) {
			for (j = 1; j <= lines && text[i + j - 1] == piece[j];)
				j++
			if (j > lines) {
				at = i + lines - 1
				return
			}
		}
		if (wrong == "")
			wrong = "\"" piece[1] "\""
	}
	index($0, quote) == 1 && !inside {
		inside = 1
		kind = $1
		file = $2
		wrong = NF < 2 ? "it does not say of what" : ""
		lines = 0
		load(top "/" file)
		next
	}
	$0 == quote || inside && $0 == "..." {
		find()
		lines = 0
		if ($0 == quote) {
			inside = 0
			verdict()
		}
		next
	}
	inside { piece[++lines] = $0 }
	END { if (blocks == 0) print "not ok: there is nothing" }
' "$tour" >"$tmp/blocks"
while read -r verdict rest; do
	[ "$verdict" = ok ]
	report $? "the tour shows ${rest#'```'}"
done <"$tmp/blocks"

# What a program prints is shown whole.
cat "$examples"/*.txt | sort >"$tmp/printed"
awk '/^```text/ { shown = 1; next } /^```/ { shown = 0 } shown' "$tour" | sort \
    >"$tmp/shown"
cmp -s "$tmp/printed" "$tmp/shown"
report $? "the tour shows all that is printed"

plan
