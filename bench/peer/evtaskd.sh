# evtaskd.sh BIN EVTASKD [ROW N] - evtaskd as a peer of the race; "serve" is
# the server that bench/ask starts. Commands may run on every processor (--all:
# nproc alone counts the one that run has chosen for us).
bin=$1 evtaskd=$2
case ${3-} in
'')
	printf '%s\n' ping pipeline tasks exec exec_idle quiet idle list stacks \
	    storm
	;;
serve)
	exec "$evtaskd" --socket="$BENCH_SOCKET" --clients=20K \
	    --log-level=error
	;;
exec*)
	unset BENCH_CPU
	exec taskset -c "0-$(($(nproc --all) - 1))" "$bin/ask" "$3" "$4" evtask \
	    "$bin/evtaskd" serve
	;;
*)
	exec "$bin/ask" "$3" "$4" evtask "$bin/evtaskd" serve
	;;
esac
