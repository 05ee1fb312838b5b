/*
 * ask.c - the clients of the rows about the control socket:
 *
 *	ask ROW N PROTOCOL COMMAND [ARGUMENT...]
 *
 * Starts the command as a server on the processor BENCH_CPU, which listens at
 * BENCH_SOCKET, and asks it from another processor. PROTOCOL is evtask or
 * redis: a request is bytes that are sent as they are, and an answer is a line,
 * so both cost the client the same. Prints "KEY VALUE" lines (measure.h).
 *
 * If you add a row here: bench/rows, and the peers of bench/peer/ that run it.
 */
#include "bench/client/crowd.h"
#include "bench/client/pings.h"
#include "bench/client/server.h"
#include "bench/client/storm.h"
#include "bench/client/tasks.h"
#include "bench/measure.h"

static const struct measure_row rows[] = {
	{ "ping", row_ping }, { "pipeline", row_pipeline },
	{ "idle", row_idle },
	{ "tasks", row_tasks }, { "exec", row_exec },
	{ "exec_idle", row_exec_idle }, { "quiet", row_quiet },
	{ "list", row_list }, { "stacks", row_stacks },
	{ "storm", row_storm },
};

int
main(int argc, char **argv)
{
	if (argc < 5) {
		fputs("usage: ask ROW N PROTOCOL COMMAND [ARGUMENT...]\n",
		    stderr);
		return 1;
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].name, argv[1]) != 0)
			continue;
		ping_in(argv[3]);
		server_start(argv + 4, false);
		rows[i].run(atol(argv[2]));
		return 0;
	}
	fprintf(stderr, "ask: no row %s\n", argv[1]);
	return 1;
}
