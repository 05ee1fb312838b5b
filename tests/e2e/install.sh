#!/bin/sh
# install.sh - what "make install" puts in place serves: programs are built
# against it with pkg-config's flags and nothing else, pages are found by man,
# the daemon and the CLI run, and "make uninstall" leaves nothing.
. "${top_srcdir:-.}/tests/e2e/lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL	# of the make that runs this test
root=$tmp/root
make=${MAKE:-make}

# found NAME [TYPE]: where it was installed
found() {
	find "$root" -name "$1" -type "${2:-f}" | head -n 1
}

ok "make install" "$make" -C "$top_builddir" install DESTDIR="$root"
lib=$(dirname "$(found libevtask.pc)")/..
examples=$(dirname "$(found hello.c)")
man=$(dirname "$(found man3 d)")
export LD_LIBRARY_PATH="$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

# Nothing that is installed leads back to where it was built.
strays=$(grep -rlI -e "$(cd "$top_builddir" && pwd)" "$root")
is "no file names the build" "" "$strays"

# The .pc files, told that the root is elsewhere; the packages of the system
# they require are found where they are.
mkdir "$tmp/pc"
for pc in "$lib"/pkgconfig/*.pc; do
	sed "s,^prefix=,&$root," "$pc" >"$tmp/pc/$(basename "$pc")"
done
export PKG_CONFIG_PATH="$tmp/pc${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"

# build FILE PACKAGE...: as its user would
build() {
	# shellcheck disable=SC2046,SC2086 # lists of words
	${CC:-cc} $SANITIZER_CFLAGS $flags -Wall -Wextra -Wno-unused-parameter \
	    -Werror "$1" -o "$tmp/program" $(shift
	pkg-config --cflags --libs "$@")
}
if command -v pkg-config >"$tmp/out"; then
	for file in "$examples"/*.c; do
		name=$(basename "$file")
		packages=$(sed -n 's/.*--libs \(libevtask[a-z -]*\)).*/\1/p' \
		    "$file")
		flags=$(sed -n 's/.*cc \(-shared -fPIC\).*/\1/p' "$file")
		# shellcheck disable=SC2086 # a list of words
		ok "$name builds" build "$file" ${packages:-libevtask}
		expected=${file%.c}.txt
		[ -f "$expected" ] || continue
		is "$name prints what it should" "$(cat "$expected")" \
		    "$("$tmp/program")"
	done
	flags=
	sed -n '/^#include <evtask/,/^[.]Ed/p' "$man/man3/evtask.3" |
	    sed '/^[.]Ed/d' >"$tmp/page.c"
	ok "the program of evtask(3) builds" build "$tmp/page.c" libevtask
	is "and runs" hello "$("$tmp/program")"
else
	skip "programs are built" "there is no pkg-config"
fi

# Pages, by every name; if man does look where it is told to.
mkdir -p "$tmp/man/man1"
echo '.Dd November 23, 2026' >"$tmp/man/man1/probe.1"
for page in "1 evtask" "8 evtaskd" "7 evtask-protocol" "3 evtask" \
    "3 evtask_create" "3 evtask_options" "3 evtask_await_result_at"; do
	if [ -z "$(man -M "$tmp/man" -w 1 probe 2>/dev/null)" ]; then
		skip "man $page" "man is not here"
		continue
	fi
	# shellcheck disable=SC2086 # two words
	ok "man $page" sh -c "man -M '$man' $page | grep -qi '${page#* }'"
done

# The programs.
evtaskd=$(found evtaskd)
evtask=$(found evtask)
is "evtaskd tells its version" \
    "evtaskd $(pkg-config --modversion libevtask 2>/dev/null || sed -n 's/^Version: //p' "$lib/pkgconfig/libevtask.pc")" \
    "$("$evtaskd" --version | head -n 1)"
start_daemon
is "a task is created" 1 \
    "$("$evtask" --socket "$socket" create sleep delay=0 --name nap)"
ok "and waited for" "$evtask" --socket "$socket" wait nap
stop_daemon
is "evtaskd ends in order" 0 "$status"

ok "make uninstall" "$make" -C "$top_builddir" uninstall DESTDIR="$root"
is "and nothing is left" "" "$(find "$root" ! -type d)"
done_testing
