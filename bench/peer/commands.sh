# commands.sh TOOL [exec N] - who else runs /bin/true, N at once: so many a
# second. They may run on every processor, as evtaskd's do. Who says it has run
# them has, by the kernel's count, started as many processes at least.
count=1000
[ "${BENCH_MS:-200}" -ge 200 ] || count=50
[ $# -gt 1 ] || { echo exec; exit; }
tool=$1 at_once=$3
# --all: of those it may run on here there is one, which run has chosen.
taskset -p -c "0-$(($(nproc --all) - 1))" $$ >/dev/null
tmp=$(mktemp -d) || exit 1
server=
clean_up() {
	[ -z "$server" ] || kill $server
	wait
	[ "$tool" != tsp ] || tsp -K
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' TERM INT
TS_SOCKET=$tmp/tsp TMPDIR=$tmp
export TS_SOCKET TMPDIR

# A port of its own: that of a server which is just ending may be taken, and its
# clients are refused, which is quick, too.
port=$((20000 + $$ % 10000))
start_gearmand() {
	gearmand --user="$(id -un)" --listen=127.0.0.1 --port=$port \
	    --log-file="$tmp/log" &
	server=$!
	until bash -c ": </dev/tcp/127.0.0.1/$port" 2>/dev/null; do
		kill -0 "$server" || { cat "$tmp/log" >&2; exit 1; }
		sleep 0.1
	done
}
ask_gearman() {
	seq "$1" | timeout 60 gearman -h 127.0.0.1 -p $port -n -f true
}

# Before the clock runs: what is a server beside the commands is started.
set_up() {
	case $tool in
	tsp)
		tsp -S "$at_once"
		;;
	gearman)
		start_gearmand
		for _ in $(seq "$at_once"); do
			gearman -h 127.0.0.1 -p $port -w -f true /bin/true &
			server="$server $!"
		done
		ask_gearman 1 || exit 1
		;;
	esac
}

run() {
	case $tool in
	xargs)
		seq "$count" | xargs -P "$at_once" -n 1 /bin/true
		;;
	parallel)
		seq "$count" | parallel -j "$at_once" /bin/true
		;;
	tsp)
		for _ in $(seq "$count"); do
			tsp -n /bin/true >/dev/null
		done
		tsp -w
		;;
	gearman)
		clients=
		for _ in $(seq "$at_once"); do
			ask_gearman $((count / at_once)) >/dev/null &
			clients="$clients $!"
		done
		for client in $clients; do
			wait "$client" || exit 1
		done
		;;
	esac
}

started() {
	sed -n 's/^processes //p' /proc/stat
}

set_up
before=$(started)
begin=$(date +%s%N)
run
end=$(date +%s%N)
[ $(($(started) - before)) -ge $count ] || {
	echo "$tool: $count commands were not run" >&2
	exit 1
}
awk "BEGIN { print \"rate\", $count * 1e9 / ($end - $begin) }"
