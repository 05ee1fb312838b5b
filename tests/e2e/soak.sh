#!/bin/sh
# soak.sh - random clients for a few seconds; "make soak" for ten minutes, for
# which a build with --enable-sanitizer=address,undefined is the place.
. "${top_srcdir:-.}/tests/e2e/lib.sh"
seconds=${SOAK_SECONDS:-5}

start_daemon
ok "$seconds seconds of random clients lose no reply and leave nothing" \
    "$top_builddir/tests/e2e/soak" "$socket" "$seconds" $SOAK_SEED
sed 's/^/# /' "$tmp/out"
# That its loop stood still is said, too, where others have the processor.
is "evtaskd has nothing to say of it" "" \
    "$(grep -Ev ' notice: | the loop (is|was) blocked ' "$tmp/log")"
echo "# $(grep -E 'VmHWM|VmRSS' "/proc/$daemon/status" | tr -s '\t\n' '  ')"
stop_daemon
is "and ends in order, no byte left" 0 "$status"
done_testing
