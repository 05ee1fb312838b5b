#!/bin/sh
# check_bench.sh - the race is fit to be run: its scripts are scripts, its
# tables fit together, and a table made of known numbers says what they mean.
# Nothing is measured here.

top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
bench=$top_srcdir/bench
dir=$(mktemp -d "${TMPDIR:-/tmp}/evtask-bench.XXXXXX") || exit 99
trap 'rm -rf "$dir"' EXIT
. "$top_srcdir/tests/tap.sh"

for script in run instructions peers.sh; do
	breaches "$script is a script" "$(sh -n "$bench/$script" 2>&1)"
done
if command -v python3 >/dev/null; then
	breaches "python.py is Python" "$(python3 -c \
	    'import ast, sys; ast.parse(open(sys.argv[1]).read())' \
	    "$bench/peer/python.py" 2>&1)"
else
	skip "python.py is Python" "no python3"
fi
if command -v gofmt >/dev/null; then
	breaches "main.go is Go" "$(gofmt -l "$bench/peer/go" 2>&1)"
else
	skip "main.go is Go" "no gofmt"
fi

# The rows that are measured, and those that programs have.
rows=$(awk '!/^#/ && NF { print $1 }' "$bench/rows" | sort -u)
breaches "every row has its columns" "$(awk '
	/^#/ || !NF { next }
	NF < 9 || $2 !~ /^[0-9]+$/ || $4 !~ /^[1-9][0-9]*$/ ||
	    $5 !~ /^[yn]$/ { print FILENAME ":" FNR ": " $0 }' "$bench/rows")"
breaches "every reason is of a row" "$(awk '
	/^#/ || !NF { next }
	FILENAME ~ /rows$/ { known[$1 " " $6] = 1; next }
	!(($1 " " $2) in known) { print $1, $2 }' "$bench/rows" \
	    "$bench/reasons")"
breaches "a goal's peer takes part" "$(awk '
	/^#/ || !NF { next }
	FILENAME ~ /rows$/ {
		n = split($8, goal, ",")
		for (i = 1; i <= n; i++) if (sub(/.*\*/, "", goal[i]))
			wanted[goal[i]] = 1
		next
	}
	/^peer_[a-z_]*\(\)/ { sub(/^peer_/, ""); sub(/\(.*/, "")
		known[$0] = 1 }
	END { for (id in wanted) if (!(id in known)) print id }' \
	    "$bench/rows" "$bench/peers.sh")"

for program in "$top_builddir"/bench/peer/*; do
	[ -x "$program" ] && [ -f "$program" ] || continue
	name=$(basename "$program")
	breaches "$name has rows that are measured" "$(
		"$program" >"$dir/has" || echo "it failed"
		[ -s "$dir/has" ] || echo "it has none"
		while read -r row; do
			echo "$rows" | grep -qx "$row" || echo "$row"
		done <"$dir/has")"
done
breaches "evtask or evtaskd runs every row" "$(
	"$top_builddir/bench/peer/evtask" >"$dir/has"
	sh "$bench/peer/evtaskd.sh" bin evtaskd >>"$dir/has"
	echo "$rows" | grep -vxFf "$dir/has")"
"$top_builddir/bench/peer/evtask" nonsense 1 2>/dev/null
[ $? -eq 1 ]
report $? "a row that is not there is refused"
"$top_builddir/bench/load" echo 0 true 2>/dev/null
[ $? -eq 1 ]
report $? "no clients are refused"

# A program is made of its source, and anew when that has changed.
built() {
	(
		top=$top_srcdir bin=$dir
		. "$bench/peers.sh"
		in_c epoll peer/epoll.c
	) >"$dir/log" 2>&1 && "$dir/epoll" 2>&1
}
CC=${CC:-gcc}
[ "$(built)" = echo ]
report $? "a program is built from its source"
touch -d '2001-01-01' "$dir/epoll"
[ "$(built)" = echo ] && [ "$dir/epoll" -nt "$bench/peer/epoll.c" ]
report $? "a program is built anew when its source is newer"

# What is raced is named by its commit, and "dirty" is what was changed since:
# but not by the race itself, which writes its results into the tree.
if command -v git >/dev/null; then
	mkdir -p "$dir/tree/bench"
	version() {
		(
			top=$dir/tree
			. "$bench/peers.sh"
			evtask_version
		)
	}
	(
		cd "$dir/tree" && git init -q && touch loop.c bench/RESULTS.md &&
		    touch bench/yield-ns.svg && git add . &&
		    git -c user.name=race -c user.email=race@localhost \
		    commit -qm all
	) >/dev/null
	clean=$(version)
	echo faster >"$dir/tree/bench/RESULTS.md"
	echo faster >"$dir/tree/bench/yield-ns.svg"
	[ -n "$clean" ] && [ "$(version)" = "$clean" ]
	report $? "the results of an earlier race do not make the next one dirty"
	echo faster >"$dir/tree/loop.c"
	[ "$(version)" = "$clean-dirty" ]
	report $? "what is raced is dirty when it was changed"
else
	skip "what is raced is named by its commit" "no git"
fi

# One number that is worked out by hand: three rounds of two peers, a third
# that fails, a goal that is met and one that is missed.
cat >"$dir/rows" <<'END'
yield	7	-	3	y	ns	ns	10,0.1*tokio	yield
asleep	7	-	3	y	bytes	B	-	sleep
END
echo "asleep	bytes	they have no stack" >"$dir/reasons"
{
	echo "evtask	evtask	1"
	echo "tokio	tokio	2"
	echo "go	Go	3"
} >"$dir/peers"
echo "libuv	not installed" >"$dir/skipped"
echo "machine: none" >"$dir/machine"
cat >"$dir/raw" <<'END'
yield 7 evtask ns 9
yield 7 tokio ns 40
yield 7 go - fails
yield 7 evtask ns 8
yield 7 tokio ns 30
yield 7 evtask ns 30
yield 7 tokio ns 50
asleep 7 evtask bytes 4000
asleep 7 tokio bytes 1000
END
set -- "$dir/rows" "$dir/reasons" "$dir/peers" "$dir/skipped" "$dir/machine" \
    "$dir/raw"
table=$(awk -v mode=results -f "$bench/table.awk" "$@" 2>&1)
# says WORDS: a line of the table, its blanks squeezed.
says() {
	echo "$table" | tr -s ' ' | grep -qxF -- "$1"
	report $? "the table says: $1"
}
says "| yield (ns) | **evtask** | 9.00 | 8.00 - 30.0 | 0.23 | <= 10.0 met; <= 4.00 missed |"
says "| | tokio | 40.0 | 30.0 - 50.0 | 1.00 | |"
says "| | Go | fails | | | |"
says "| | **evtask** | 4,000 | | 4.00 | |"
says "- skipped: libuv: not installed"
says "- sleep: tokio, 1,000 against our 4,000 B; they have no stack"
[ "$failed" -eq 0 ] || echo "$table" | sed 's/^/# /'

plot=$(awk -v row=yield -v key=ns -f "$bench/plot.awk" "$dir/rows" \
    "$dir/peers" "$dir/raw")
[ "$(echo "$plot" | grep -c '<circle')" -eq 2 ]
report $? "a plot has a point for each peer"
case $plot in "<svg "*"</svg>") true ;; *) false ;; esac
report $? "a plot is SVG"

plan
