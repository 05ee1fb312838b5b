/*
 * Every allocation of a console at work fails once, by turns. Whatever becomes
 * of the client it hits, the next one is served, and no byte is left behind.
 */
#include <errno.h>
#include <event2/event.h>
#include <evtask/evtask.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/console/console.h"
#include "tests/starve.h"
#include "tests/suite.h"

#define R(id, method, params) \
	"{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"" method \
	"\",\"params\":" params "}\n"

static const char ping[] = R(1, "rpc.ping", "{}");

/* A bit of everything. */
static const char *const scenes[] = {
	R(1, "task.create", "{\"coroutine\":\"cat\",\"name\":\"c\","
	    "\"key\":\"k\",\"timeout_us\":5000000,\"bind\":\"connection\"}")
	R(2, "sub.open", "{\"types\":[\"task.created\",\"task.done\","
	    "\"task.log\",\"task.renamed\",\"task.waiting\"]}")
	R(3, "task.wait", "{\"tasks\":[\"c\"],\"timeout_us\":9000000}"),
	R(4, "task.logs", "{\"task\":\"c\",\"follow\":true}")
	R(5, "task.stdin", "{\"task\":\"c\",\"data\":\"hello\\nyou\"}")
	R(6, "task.rename", "{\"task\":\"c\",\"name\":\"d\"}"),
	R(7, "task.list", "{\"sort\":\"-name\",\"name\":\"*\"}")
	R(8, "task.get", "{\"task\":\"x\"}") "nonsense\n"
	R(9, "task.cancel", "{\"tasks\":[\"d\"],\"message\":\"enough\"}"),
	R(10, "task.result", "{\"task\":\"d\"}")
	R(11, "rpc.cancel", "{\"id\":3}")
	R(12, "task.forget", "{\"tasks\":[\"d\"]}")
	R(13, "daemon.stats", "{}") R(14, "sub.close", "{\"sub\":1}"),
};

/* Every method with its example; without rpc.discover, which makes thousands
 * of objects and has a test of its own in check_ctl_memory.c. */
static char examples[1 << 16];

static void
write_examples(void)
{
	const struct evtask_ctl_method *m;
	size_t size = 0;
	int id = 100;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		if (strcmp(m->name, "rpc.discover") != 0)
			size += (size_t)snprintf(examples + size,
			    sizeof(examples) - size, "{\"jsonrpc\":\"2.0\","
			    "\"id\":%d,\"method\":\"%s\",\"params\":%s}\n",
			    id++, m->name, m->example_params);
}

static char input[1 << 20];

static int
run_cat(void *arg)
{
	char bytes[64];
	ssize_t n;

	while ((n = evtask_job_read(arg, bytes, sizeof(bytes))) > 0)
		evtask_job_log(arg, EVTASK_JOB_OUT, bytes, (size_t)n);
	return (int)n;
}

static const struct evtask_coroutine cat = {
	.name = "cat", .fn = run_cat, .takes_stdin = true,
};

static struct evtask_loop *loop;
static struct evtask_console *console;

static int
turn(void)
{
	evtask_loop_stop(loop);
	return evtask_loop_run_forever(loop);
}

static int
connect_client(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	    ends) < 0)
		abort();
	listener_admit(&console->listener, ends[1]);
	return ends[0];
}

/* Sends and lets it be handled; what comes back is at the start of input. */
static ssize_t
exchange(int fd, const char *text)
{
	int i;

	send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT);
	for (i = 0; i < 8; i++)
		turn();
	return recv(fd, input, sizeof(input), MSG_DONTWAIT);
}

static void
set_up(char *path)
{
	struct evtask_loop_options virtual = { .clock = EVTASK_CLOCK_VIRTUAL };
	struct evtask_console_options options = { .socket_path = path };

	if (evtask_loop_new(&virtual, &loop) < 0 ||
	    evtask_console_start(loop, &options, &console, NULL) < 0 ||
	    evtask_console_add(console, &cat) < 0)
		abort();
	turn();
}

/* One performance, in which allocation n fails. Returns whether it came to
 * that. */
static bool
perform(long n, char *path)
{
	bool failed;
	size_t i;
	int fd;

	set_up(path);
	starve_after(n);
	fd = connect_client();
	for (i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		exchange(fd, scenes[i]);
	exchange(fd, examples);
	failed = starve_end();
	close(fd);
	fd = connect_client();
	ck_assert_msg(exchange(fd, ping) > 0, "after failure %ld", n);
	ck_assert_ptr_nonnull(memmem(input, 80, "result", 6));
	close(fd);
	evtask_console_stop(console);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	return failed;
}

START_TEST(every_failed_allocation_is_survived_and_leaves_nothing)
{
	char directory[] = "/tmp/check-memory-XXXXXX", path[64];
	long n, before, left, lost = 0;
	bool failed;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	sprintf(path, "%s/s", directory);
	write_examples();
	perform(1000000, path); /* what is made once is made here */
	for (n = 0, failed = true; failed; n++) {
		before = starve_live();
		failed = perform(n, path);
		left = starve_live() - before;
		/* json-c loses the new key when its table cannot grow: once,
		 * in an object of more than ten members. */
		ck_assert_msg(left == 0 || left == 1, "failure %ld: %ld left",
		    n, left);
		lost += left;
	}
	ck_assert_int_gt(n, 500);
	ck_assert_int_le(lost, 8);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

/* A console that cannot begin for want of memory says so. */
START_TEST(every_failed_allocation_of_the_start_is_said)
{
	struct evtask_loop_options virtual = { .clock = EVTASK_CLOCK_VIRTUAL };
	char directory[] = "/tmp/check-memory-XXXXXX", path[64];
	struct evtask_console_options options = { .socket_path = path };
	char *message;
	long n, before;
	int r = -ENOMEM;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	sprintf(path, "%s/s", directory);
	ck_assert_int_eq(evtask_loop_new(&virtual, &loop), 0);
	ck_assert_int_eq(evtask_console_start(loop, &options, &console,
	    &message), 0);
	evtask_console_stop(console);
	for (n = 0; r < 0; n++) {
		before = starve_live();
		starve_after(n);
		r = evtask_console_start(loop, &options, &console, &message);
		starve_end();
		if (r == 0)
			evtask_console_stop(console);
		else
			ck_assert_int_eq(r, -ENOMEM);
		free(message);
		ck_assert_int_eq(starve_live(), before);
	}
	ck_assert_int_gt(n, 5);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

static void
be_quiet(int severity, const char *message)
{
}

int
main(void)
{
	Suite *s = suite_create("console_memory");
	TCase *tc = tcase_create("console_memory");

	if (!starve_is_possible())
		return EXIT_SUCCESS;
	event_set_log_callback(be_quiet);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc,
	    every_failed_allocation_is_survived_and_leaves_nothing);
	tcase_add_test(tc, every_failed_allocation_of_the_start_is_said);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
