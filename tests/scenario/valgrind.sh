#!/bin/sh
# The whole corpus under Valgrind: no error, and nothing left, though tasks are
# abandoned in the middle of what they do.
dir=${top_srcdir:-.}/tests/scenario
top=${top_builddir:-.}
if ! command -v valgrind >/dev/null; then
	echo "1..0 # SKIP no valgrind here"
	exit 0
fi
"$top/libtool" --mode=execute valgrind -q --leak-check=full \
    --show-leak-kinds=all --error-exitcode=9 \
    "$top/tests/scenario/scenario" --tap "$dir/generated.jsonl" \
    "$dir"/cases/*.json
