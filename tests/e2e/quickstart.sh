#!/bin/sh
# quickstart.sh - the first command of the README, on a machine that has all
# packages and a build that is there: the tour, the prompt, and that nothing
# is left of either, however it ends.
. "${top_srcdir:-.}/tests/e2e/lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
quickstart=$(cd "$top_srcdir" && pwd)/scripts/quickstart
evtask=$(cd "$top_builddir" && pwd)/evtask

[ -n "$(find "$top_srcdir/configure" -newer "$top_srcdir/configure.ac" \
    2>/dev/null)" ] || {
	echo "1..0 # SKIP configure would be made anew"
	exit 0
}
mkdir "$tmp/build" "$tmp/bin" "$tmp/left"
: >"$tmp/build/config.status"
printf 'all:\n' >"$tmp/build/Makefile"
for name in evtask evtaskd; do
	echo "exec '$(cd "$top_builddir" && pwd)/$name' \"\$@\"" |
	    script build/$name
done
echo 'echo install ok installed' | script bin/dpkg-query
start_daemon # only to wait by
BUILD=$tmp/build
TMPDIR=$tmp/left
PATH=$tmp/bin:$PATH
export BUILD TMPDIR PATH

# nothing_left: no daemon, and no folder of one.
nothing_left() {
	[ -z "$(ls "$TMPDIR")" ]
}

ok "without a terminal it shows a tour" sh "$quickstart" </dev/null
like "of what there is" "*nap*hello from a task*the tour is over*" \
    "$(cat "$tmp/out")"
ok "and leaves nothing" nothing_left

if ! command -v tmux >/dev/null; then
	skip "a prompt" "tmux is not installed"
	done_testing
fi

term() {
	tmux -S "$tmp/tmux" -f /dev/null "$@" 2>"$tmp/err"
}
trap 'term kill-server; clean_up' EXIT
# shows PATTERN: the terminal has it
shows() {
	term capture-pane -p | grep -q -- "$1"
}
# start_prompt WINDOW...: in such a window of tmux
start_prompt() {
	term "$@" "sh -i" # Ctrl-Z is for what a shell has started
	term send-keys "sh $quickstart; echo ended \$?" Enter
	wait_for shows "evtask 2w 1f>\|evtask 2w>"
}
waits() {
	EVTASK_SOCKET=$(echo "$TMPDIR"/*/control.sock) "$evtask" stats --json |
	    grep -q '"deferred":1'
}

ok "on a terminal it is a prompt" start_prompt new-session -d -x 80 -y 24
term send-keys "wait nap" Enter
ok "which waits" wait_for waits
term send-keys C-z
ok "until Ctrl-Z" wait_for shows "you will be told when nap is done"
term send-keys ping Enter
ok "which is for the prompt alone" wait_for shows "^pong"
term send-keys C-d
ok "Ctrl-D leaves it" wait_for shows "^ended 0"
ok "and it leaves nothing" wait_for nothing_left
ok "it begins anew" start_prompt new-window
term kill-server
ok "a terminal that is closed leaves nothing, either" wait_for nothing_left
done_testing
