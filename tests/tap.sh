# tap.sh - what tests in shell say, as TAP. Sourced, not run:
#
#	. "$top_srcdir/tests/tap.sh"
#	[ -s file ]
#	report $? "there is something in the file"
#	plan
tests=0
failed=0

# report STATUS NAME
report() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $2"
	fi
}

# breaches NAME TEXT: there must be none.
breaches() {
	[ -z "$2" ]
	report $? "$1"
	[ -z "$2" ] || echo "$2" | sed 's/^/# /'
}

# skip NAME WHY
skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# plan: how many they were, and the status of the whole. The last line.
plan() {
	echo "1..$tests"
	[ "$failed" -eq 0 ]
}
