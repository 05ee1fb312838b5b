#!/bin/sh
# cookbook.sh - every command of doc/cookbook.md does what stands below it.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
. "$top_srcdir/tests/e2e/document.sh"
cookbook=$(cd "$top_srcdir" && pwd)/doc/cookbook.md
PATH=$(cd "$top_builddir" && pwd):$PATH
start_daemon
cd "$tmp" || exit 99

play_document "$cookbook"
is "the cookbook has at least thirty commands" yes \
    "$([ "$tests" -ge 30 ] && echo yes)"
done_testing
