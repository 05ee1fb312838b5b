#!/bin/sh
# What is not in the language is refused: exit status 2, and its name is said.
scenario=${top_builddir:-.}/tests/scenario/scenario
n=0
failed=0

# refused WORDS SCENARIO: the scenario is refused, in these words among others
refused() {
	n=$((n + 1))
	said=$(printf '%s' "$2" | "$scenario" - 2>&1 >/dev/null)
	status=$?
	case $status:$said in
	2:*"$1"*)
		echo "ok $n - $1" ;;
	*)
		echo "not ok $n - $1"
		echo "# status $status, said: $said"
		failed=1 ;;
	esac
}

# main BLOCK: a scenario with this main block
main() {
	printf '{"main": [%s], "procs": {"p": []}}' "$1"
}

refused 'not JSON' '{'
refused 'not "a scenario"' '[]'
refused 'field missing: "main"' '{}'
refused 'unknown field "extra"' '{"main": [], "extra": 1}'
refused 'main[0]: unknown op "jump"' "$(main '{"op": "jump"}')"
refused 'main[1]: unknown field "why"' \
    "$(main '{"op": "time"}, {"op": "time", "why": 1}')"
refused 'field missing: "msg"' "$(main '{"op": "mark"}')"
refused 'wrong value of "ms"' "$(main '{"op": "sleep", "ms": 1.5}')"
refused 'wrong value of "as"' "$(main '{"op": "lock", "as": "2x"}')"
refused 'wrong value of "proc"' \
    "$(main '{"op": "spawn", "as": "t", "proc": "nowhere"}')"
refused 'wrong value of "exc"' "$(main '{"op": "raise", "exc": "Oops"}')"
refused 'unknown match "Oops"' \
    "$(main '{"op": "try", "body": [], "except": [{"of": "Oops", "body": []}]}')"
refused 'main[0].body[0]: not in a callback: "sleep"' \
    "$(main '{"op": "call_soon", "as": "h", "body": [{"op": "sleep", "ms": 1}]}')"
refused 'not in finally: "return"' \
    "$(main '{"op": "try", "body": [], "finally": [{"op": "return"}]}')"
refused 'only in a handler: "reraise"' "$(main '{"op": "reraise"}')"
refused '"wait_for"' "$(main '{"op": "wait_for", "ms": 1}')"
refused '"reschedule"' \
    "$(main '{"op": "reschedule", "of": "t", "ms": 1, "at": 2}')"
refused 'p[0]: unknown op "jump"' '{"main": [], "procs": {"p": [{"op": "jump"}]}}'
echo "1..$n"
exit $failed
