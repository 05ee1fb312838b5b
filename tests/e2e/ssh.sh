# ssh.sh - a server on another host, through ssh and sshd as they are. The other
# host is this one: ssh starts an sshd of its own for each connection, which
# speaks over its standard input and output, so that no port is taken.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

PATH=$PATH:/usr/sbin:/sbin
sshd=$(command -v sshd) && ssh=$(command -v ssh) &&
    quietly command -v ssh-keygen || {
	skip "a server is reached by ssh" "there is no ssh, or no sshd"
	plan
	exit
}

mkdir "$tmp/far"
case $evtask in /*) ;; *) evtask=$PWD/$evtask ;; esac
ln -s "$evtask" "$tmp/far/evtask"
ssh-keygen -q -t ed25519 -N '' -f "$tmp/host"
ssh-keygen -q -t ed25519 -N '' -f "$tmp/user"
cat >"$tmp/sshd_config" <<END
HostKey $tmp/host
AuthorizedKeysFile $tmp/user.pub
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PidFile none
SetEnv PATH=$tmp/far:$PATH
END
cat >"$tmp/ssh_config" <<END
Host *
	ProxyCommand $sshd -i -f $tmp/sshd_config -E $tmp/sshd.log
	IdentityFile $tmp/user
	IdentitiesOnly yes
	IdentityAgent none
	UserKnownHostsFile $tmp/known_hosts
	GlobalKnownHostsFile none
	BatchMode yes
END
script ssh <<END
echo \$\$ >$tmp/ssh.pid
exec $ssh -F $tmp/ssh_config "\$@"
END
# know HOST: whose key we know
know() {
	echo "$1 $(cut -d' ' -f1,2 "$tmp/host.pub")" >"$tmp/known_hosts"
}
know there
why=$("$sshd" -t -f "$tmp/sshd_config" 2>&1) &&
    why=$("$tmp/ssh" there true 2>&1) || {
	skip "a server is reached by ssh" "$(echo "$why" | tail -n 1)"
	plan
	exit
}
EVTASK_SSH=$tmp/ssh
export EVTASK_SSH

start_daemon
unset EVTASK_SOCKET
cli "a task is created there" 0 1 "" -H there -S "$socket" \
    create sleep delay=1h --name nap
is "by who has logged in" "$(id -u)" \
    "$(rpc task.get '{"task":1}' /task/created_by/uid)"
cli "and seen" 0 "1*nap*" "" -H there -S "$socket" list -o tsv
cli "a command of there has its output and its exit status here" 3 \
    "out" "err" -H there -S "$socket" \
    run -- sh -c 'echo out; echo err >&2; exit 3'
cli "where no server is, that is said" 3 "" \
    "*no server at $tmp/none; *" -H there -S "$tmp/none" list

# A wait whose connection is cut: the task goes on.
rm "$tmp/ssh.pid"
"$evtask" -H there -S "$socket" wait nap >"$tmp/out" 2>"$tmp/err" </dev/null &
waiter=$!
is_awaited() {
	[ "$(rpc rpc.clients '{}' /clients/0/deferred)" = 1 ]
}
ok "a wait comes through" wait_for is_awaited
kill "$(cat "$tmp/ssh.pid")"
"$probe" gone "$waiter" || kill "$waiter"
wait "$waiter"
is "it ends with its connection" 3 $?
like "which is said" "*the connection is lost: *" "$(cat "$tmp/err")"
is "and the task goes on" waiting "$(rpc task.get '{"task":1}' /task/state)"
ok "until somebody cancels it" rpc task.cancel '{"tasks":[1]}'

rm "$tmp/far/evtask"
cli "without an evtask there, that is said" 3 "" "*the other host has no evtask *" \
    -H there -S "$socket" list
know elsewhere
cli "a host whose key nobody knows is not reached" 3 "" \
    "Host key verification failed*ssh does not get there*" \
    -H there -S "$socket" list
done_testing
