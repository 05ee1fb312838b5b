# commands.sh TOOL [exec N] - who else runs /bin/true, N at once: so many a
# second. They may run on every processor, as evtaskd's do.
count=1000
[ "${BENCH_MS:-200}" -ge 200 ] || count=50
[ $# -gt 1 ] || { echo exec; exit; }
tool=$1 at_once=$3
taskset -p -c "0-$(($(nproc) - 1))" $$ >/dev/null
tmp=$(mktemp -d) || exit 1
server=
clean_up() {
	[ -z "$server" ] || kill $server
	[ "$tool" != tsp ] || tsp -K
	rm -rf "$tmp"
}
trap clean_up EXIT
TS_SOCKET=$tmp/tsp TMPDIR=$tmp
export TS_SOCKET TMPDIR

# A server that has just started may not listen yet.
PORT=4733
serve_gearman() {
	until bash -c ": </dev/tcp/127.0.0.1/$PORT"; do
		sleep 0.1
	done 2>/dev/null
	exec gearman -h 127.0.0.1 -p $PORT -w -f true /bin/true 2>/dev/null
}
ask_gearman() {
	for _ in $(seq 50); do
		seq "$1" | timeout 60 gearman -h 127.0.0.1 -p $PORT -n -f true \
		    2>/dev/null && return
		sleep 0.1
	done
	return 1
}

# Before the clock runs: what is a server beside the commands is started.
set_up() {
	case $tool in
	tsp)
		tsp -S "$at_once"
		;;
	gearman)
		gearmand --user="$(id -un)" --listen=127.0.0.1 --port=$PORT \
		    --log-file="$tmp/log" &
		server=$!
		for _ in $(seq "$at_once"); do
			serve_gearman &
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
		for client in $clients; do	# a refusal is quick, too
			wait "$client" || exit 1
		done
		;;
	esac
}

set_up
begin=$(date +%s%N)
run
end=$(date +%s%N)
awk "BEGIN { print \"rate\", $count * 1e9 / ($end - $begin) }"
