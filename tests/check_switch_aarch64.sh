#!/bin/sh
# The aarch64 switch, compiled by a cross-compiler and run by qemu.
cross=${AARCH64_CC:-aarch64-linux-gnu-gcc}
echo 1..1
for tool in "$cross" qemu-aarch64; do
	if ! command -v "$tool" >/dev/null; then
		echo "ok 1 # SKIP no $tool"
		exit 0
	fi
done
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
if ! "$cross" -static -O1 -Wall -Werror -I"$top_srcdir" -I"$top_srcdir/lib" \
    -o "$dir/alone" "$top_srcdir/tests/switch_alone.c" \
    "$top_srcdir/lib/coro/switch.c" \
    "$top_srcdir/lib/coro/switch_aarch64.S"; then
	echo "not ok 1 - it compiles"
	exit 1
fi
qemu-aarch64 "$dir/alone"
