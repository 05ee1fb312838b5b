#!/bin/sh
# cli_completion.sh - the shells' completion, in the shells that are here.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
start_daemon
"$evtask" create sleep delay=1h --name napping >"$tmp/got"
mkdir "$tmp/bin"
# Whoever types would not wait so long for a slow machine.
script bin/evtask <<END
exec "$(cd "$top_builddir" && pwd)/evtask" --timeout=60s "\$@"
END
evtask=$tmp/bin/evtask
PATH=$tmp/bin:$PATH

cli "a line is completed as words are" 0 "--mode=all	
--mode=any	" "" complete --line "wait nap --mode=a"
cli "a new word begins behind a blank" 0 "napping	sleep, waiting, * old" "" \
    complete --line "show "
cli "without a server, what needs none" 0 "cancel	*" "" \
    --socket /no/such complete -- can
cli "and silence" 0 "" "" --socket /no/such complete -- show ""
cli "--socket on the line counts" 0 "" "" \
    complete -- --socket /no/such show nap

# in_bash LINE: what bash offers for its end
in_bash() {
	bash -c '. "$0"; COMP_LINE=$1 COMP_POINT=${#1}
	    _evtask; echo "${COMPREPLY[*]}"' \
	    "$top_srcdir/completions/evtask.bash" "$1"
}
if quietly command -v bash; then
	is "bash: a verb" cancel "$(in_bash "evtask canc")"
	is "bash: a task" napping "$(in_bash "evtask cancel n")"
	is "bash: a key" delay= "$(in_bash "evtask create sleep d")"
	is "bash: the value behind =" "all any" \
	    "$(in_bash "evtask wait --mode=a")"
else
	skip "bash completes" "there is no bash"
fi

# in_zsh LINE: what zsh offers; compadd tells
in_zsh() {
	zsh -fc 'f=$1; shift
	    compadd() { print -r -- "${found[@]}" }
	    _default() { print default }
	    words=("$@") CURRENT=$#
	    _evtask_() { eval "$(<$f)" }
	    _evtask_' zsh "$top_srcdir/completions/_evtask" "$@"
}
if quietly command -v zsh; then
	is "zsh: a verb" cancel "$(in_zsh evtask canc)"
	is "zsh: a task" napping "$(in_zsh evtask cancel n)"
	is "zsh: its own way where nothing is found" default \
	    "$(in_zsh evtask run ls)"
else
	skip "zsh completes" "there is no zsh"
fi

if quietly command -v fish; then
	is "fish: a task" napping "$(fish --no-config -c \
	    "source $top_srcdir/completions/evtask.fish
	    complete -C 'evtask cancel n'" | cut -f1)"
else
	skip "fish completes" "there is no fish"
fi

for shell in bash zsh fish; do
	"$evtask" completion $shell >"$tmp/$shell"
done
ok "evtask completion bash prints what is installed" \
    cmp "$tmp/bash" "$top_srcdir/completions/evtask.bash"
ok "zsh, too" cmp "$tmp/zsh" "$top_srcdir/completions/_evtask"
ok "and fish" cmp "$tmp/fish" "$top_srcdir/completions/evtask.fish"
"$evtask" shutdown cancel 2>"$tmp/said"
wait_daemon
done_testing
