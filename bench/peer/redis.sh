# redis.sh BIN [ROW N] - redis-server as a peer of the race; see evtaskd.sh
bin=$1
case ${2-} in
'')
	printf '%s\n' ping pipeline
	;;
serve)
	exec redis-server --unixsocket "$BENCH_SOCKET" --port 0 --save '' \
	    --appendonly no
	;;
*)
	exec "$bin/ask" "$2" "$3" redis "$bin/redis" serve
	;;
esac
