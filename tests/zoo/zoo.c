/*
 * zoo.c - a host of sick programs: each coroutine makes tasks that are wrong
 * in one way, so that what inspection says of them can be tested.
 *
 *	zoo SOCKET
 *
 * "evtask create two-locks" lets that animal out. Its tasks are the program's
 * own, and go on when the coroutine that made them has returned.
 */
#include <arpa/nameser.h>
#include <dlfcn.h>
#include <errno.h>
#include <evtask/console.h>
#include <evtask/evtask.h>
#include <evtask/inspect.h>
#include <evtask/job.h>
#include <evtask/overflow.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/zoo/crew.h"

#define SECOND INT64_C(1000000)

/* What parking itself needs, with a sanitizer more. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SPARE_STACK 11000
#else
#define SPARE_STACK 1500
#endif

static struct evtask_lock *locks[3];
static struct evtask_event *event;
static struct evtask_condition *condition;
static struct evtask_queue *queue;

static int
make(evtask_fn fn, const char *name, void *arg)
{
	struct evtask_options options = { .name = name };

	return evtask_create(fn, arg, &options, NULL);
}

/* Takes one lock and, a little later, the next one in the circle of n. */
static int
take_two(struct evtask_lock *first, struct evtask_lock *second)
{
	int r = evtask_lock_acquire(first);

	if (r < 0)
		return r;
	r = evtask_sleep(SECOND / 100);
	if (r == 0)
		r = evtask_lock_acquire(second);
	if (r == 0)
		evtask_lock_release(second);
	evtask_lock_release(first);
	return r;
}

static int
take_0_1(void *arg)
{
	return take_two(locks[0], locks[1]);
}

static int
take_1_0(void *arg)
{
	return take_two(locks[1], locks[0]);
}

static int
take_1_2(void *arg)
{
	return take_two(locks[1], locks[2]);
}

static int
take_2_0(void *arg)
{
	return take_two(locks[2], locks[0]);
}

static int
two_locks(void *arg)
{
	int r = make(take_0_1, "left", NULL);

	return r < 0 ? r : make(take_1_0, "right", NULL);
}

static int
three_cycle(void *arg)
{
	int r = make(take_0_1, "ann", NULL);

	if (r == 0)
		r = make(take_1_2, "bob", NULL);
	return r < 0 ? r : make(take_2_0, "cyd", NULL);
}

/* The bell rings before anybody listens. */
static int
listen_late(void *arg)
{
	int r = evtask_condition_acquire(condition);

	if (r == 0)
		r = evtask_condition_wait(condition);
	evtask_condition_release(condition);
	return r;
}

static int
lost_wake_up(void *arg)
{
	int r = evtask_condition_acquire(condition);

	if (r < 0)
		return r;
	evtask_condition_notify_all(condition);
	evtask_condition_release(condition);
	return make(listen_late, "late", NULL);
}

/* Awaits a future of which only the await itself has a reference. */
static int
await_orphan(void *arg)
{
	struct evtask_future *f = arg, *all;
	union evtask_awaitable fs[] = { { .future = f } };
	int r = evtask_gather(fs, 1, false, &all);

	evtask_future_unref(f);
	if (r < 0)
		return r;
	r = evtask_await(all);
	evtask_future_unref(all);
	return r;
}

static int
orphan(void *arg)
{
	struct evtask_future *f;
	int r = evtask_future_new(NULL, &f);

	return r < 0 ? r : make(await_orphan, "oliver", f);
}

static int
fill(void *arg)
{
	int r = 0;

	for (int i = 0; r == 0; i++)
		r = evtask_queue_put(queue, evtask_value_int(i));
	return r;
}

static int
queue_unread(void *arg)
{
	return make(fill, "filler", NULL);
}

static int
take_and_end(void *arg)
{
	int r = evtask_lock_acquire(locks[0]);

	return r;
}

static int
lock_held(void *arg)
{
	int r = make(take_and_end, "thief", NULL);

	return r < 0 ? r : make(take_0_1, "victim", NULL);
}

static int
run_in_circles(void *arg)
{
	int r = 0;

	while (r == 0)
		r = evtask_sleep(0);
	return r;
}

static int
spin(void *arg)
{
	return make(run_in_circles, "spinner", NULL);
}

static int
never_mind(void *arg)
{
	for (;;)
		if (evtask_sleep(SECOND / 20) == -ECANCELED)
			evtask_error_unref(evtask_catch(-ECANCELED));
	return 0;
}

static int
uncancellable(void *arg)
{
	return make(never_mind, "mule", NULL);
}

/* A failure cancels tasks in groups two levels below the sibling's group. */
static int
sleep_long(void *arg)
{
	return evtask_sleep(EVTASK_FOREVER);
}

static int
fail_soon(void *arg)
{
	int r = evtask_sleep(SECOND);

	return r < 0 ? r : evtask_raise(-EIO, "the disk is gone");
}

static int
group_of(evtask_fn first, const char *name, evtask_fn second)
{
	struct evtask_options options = { .name = name };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	if (r < 0)
		return r;
	r = evtask_group_create_task(&group, first, NULL, &options, NULL);
	if (r == 0 && second != NULL)
		r = evtask_group_create_task(&group, second, NULL, NULL,
		    NULL);
	return evtask_group_exit(&group, r);
}

static int
lower(void *arg)
{
	return group_of(sleep_long, "leaf", NULL);
}

static int
middle(void *arg)
{
	return group_of(lower, "lower", NULL);
}

static int
upper(void *arg)
{
	return group_of(middle, "middle", fail_soon);
}

static int
sibling(void *arg)
{
	return make(upper, "upper", NULL);
}

/* Parked below qsort(3). */
static int
compare_slowly(const void *a, const void *b)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	return r < 0 ? 0 : *(const int *)a - *(const int *)b;
}

static int
sort_slowly(void *arg)
{
	int numbers[] = { 3, 1, 2 };

	qsort(numbers, 3, sizeof(numbers[0]), compare_slowly);
	return 0;
}

static int
sorter(void *arg)
{
	return make(sort_slowly, "sorter", NULL);
}

static int
module(void *arg)
{
	void *handle = dlopen(getenv("ZOO_MODULE"), RTLD_NOW);
	evtask_fn run = handle != NULL
	    ? (evtask_fn)(uintptr_t)dlsym(handle, "nofp_run") : NULL;

	return run != NULL ? make(run, "module", NULL)
	    : evtask_raise(-ENOENT, "%s", dlerror());
}

/* Parked with hardly any stack left. */
static int
sink(void *arg)
{
	struct evtask_info info;
	volatile char *bytes;
	size_t left;
	int r = evtask_sleep(1);	/* the dynamic linker needs room once */

	if (r < 0)
		return r;
	evtask_get_info(evtask_current_task(), &info);
	left = info.stack_size - info.stack_used;
	bytes = __builtin_alloca(left - SPARE_STACK);
	bytes[0] = 1;
	return evtask_sleep(EVTASK_FOREVER) + bytes[0] - 1;
}

static int
shallow(void *arg)
{
	return make(sink, "sink", NULL);
}

static int
crowd(void *arg)
{
	int64_t n = evtask_job_int(arg, "n");
	int r = 0;

	while (r == 0 && n-- > 0)
		r = evtask_create(sleep_long, NULL, NULL, NULL);
	return r;
}

/* Blocks the loop, in pieces, until the file $ZOO_WAKE is there. */
static bool
may_wake(void)
{
	return access(getenv("ZOO_WAKE"), F_OK) == 0;
}

static int
sleep_in_system(void *arg)
{
	while (!may_wake())
		sleep(1);
	return 0;
}

static int
sleepy(void *arg)
{
	return make(sleep_in_system, "sleeper", NULL);
}

/* Asks a server of names that never answers, as libraries do. */
static int
look_up(void *arg)
{
	struct sockaddr_in silent = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(silent);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct __res_state state = { .options = 0 };
	unsigned char answer[512];

	if (fd < 0 || bind(fd, (struct sockaddr *)&silent, size) < 0 ||
	    getsockname(fd, (struct sockaddr *)&silent, &size) < 0 ||
	    res_ninit(&state) < 0)
		return -errno;
	state.nsaddr_list[0] = silent;
	state.nscount = state.retrans = state.retry = 1;
	while (!may_wake())
		(void)res_nquery(&state, "example.org", ns_c_in, ns_t_a,
		    answer, sizeof(answer));
	res_nclose(&state);
	close(fd);
	return 0;
}

static int
dns(void *arg)
{
	return make(look_up, "resolver", NULL);
}

/* Uses up its stack, a page at a time. */
static __attribute__((__noinline__)) int
sink_deeper(int n)
{
	volatile char page[4096];

	page[0] = (char)n;
	return n < 0 ? 0 : sink_deeper(n + 1) + page[0];
}

static int
overflow(void *arg)
{
	return sink_deeper(0);
}

static int
bottomless(void *arg)
{
	return make(overflow, "digger", NULL);
}

#define ANIMAL(called, function, words) \
	{ .name = called, .summary = words, .fn = function }

static const struct evtask_coroutine animals[] = {
	ANIMAL("two-locks", two_locks, "two tasks take two locks crosswise"),
	ANIMAL("three-cycle", three_cycle, "three tasks, three locks"),
	ANIMAL("lost-wake-up", lost_wake_up, "notified before it waited"),
	ANIMAL("orphan", orphan, "a future nobody can settle"),
	ANIMAL("queue-unread", queue_unread, "a queue that nobody reads"),
	ANIMAL("lock-held", lock_held, "ends with a lock in hand"),
	ANIMAL("spin", spin, "wakes itself for ever"),
	ANIMAL("uncancellable", uncancellable, "swallows every cancel"),
	ANIMAL("sibling", sibling, "a sibling fails three levels up"),
	ANIMAL("sorter", sorter, "parked below qsort"),
	ANIMAL("module", module, "parked in a module without frame pointers"),
	ANIMAL("sleepy", sleepy, "calls sleep(3)"),
	ANIMAL("dns", dns, "asks a server of names, and blocks"),
	ANIMAL("bottomless", bottomless, "overflows its stack"),
	ANIMAL("crew", crew, "tasks that wait for several, in every way"),
	ANIMAL("shallow", shallow, "parked with hardly any stack left"),
	{ .name = "crowd", .summary = "many tasks in one place", .fn = crowd,
	  .args_schema = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":"
	  "\"integer\",\"default\":1000}}}" },
};

static int
furnish(void)
{
	struct evtask_queue_options jobs = { .size_max = 3, .name = "jobs" };
	int r = evtask_lock_new("db", &locks[0]);

	if (r == 0)
		r = evtask_lock_new("log", &locks[1]);
	if (r == 0)
		r = evtask_lock_new("net", &locks[2]);
	if (r == 0)
		r = evtask_event_new("start", &event);
	if (r == 0)
		r = evtask_condition_new("bell", NULL, &condition);
	if (r == 0)
		r = evtask_queue_new(&jobs, &queue);
	return r;
}

static void
shut_down(enum evtask_console_shutdown mode, int64_t timeout_us, void *arg)
{
	exit(0);
}

int
main(int argc, char *argv[])
{
	struct evtask_console_options options = {
		.server = "zoo", .socket_path = argv[1], .shutdown = shut_down,
	};
	struct evtask_console *console;
	struct evtask_loop *loop;

	if (argc != 2 || furnish() < 0 || evtask_loop_new(NULL, &loop) < 0 ||
	    evtask_console_start(loop, &options, &console, NULL) < 0)
		return 1;
	(void)evtask_watch_overflows();
	for (size_t i = 0; i < sizeof(animals) / sizeof(animals[0]); i++)
		if (evtask_console_add(console, &animals[i]) < 0)
			return 1;
	return evtask_loop_run_forever(loop) < 0;
}
