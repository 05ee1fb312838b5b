/*
 * stress.c - looking in while everything moves: tasks that are made, wait for
 * each other, fail, are cancelled and die by chance, and threads that ask all
 * there is to ask about them meanwhile, by the console and beside it.
 *
 *	stress [SECONDS [SEED]]
 *
 * What is answered about a task that is gone is an error by a name; all else
 * ends the program. It is meant for the sanitizers: `make stress`.
 */
#include <errno.h>
#include <evtask/console.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	TASKS = 200,		/* that live at a time, at most */
	STEPS = 12,		/* of a life, at most */
	LOCKS = 4,
	INQUIRERS = 2,		/* threads that ask the console */
	FIRST_ID = 3,		/* behind those that keep all going */
	PATIENCE_US = 60000000,
};

struct stress {
	struct evtask_loop *loop;
	const char *socket_path, *oob_path;
	struct evtask_lock *locks[LOCKS];
	struct evtask_queue *queue;
	unsigned int seed;
	struct evtask *keeper, *clock;	/* nobody cancels them */
	uint64_t born;
	atomic_ullong newest;	/* id, for those who ask */
	atomic_bool over;
	atomic_int asking;	/* threads that still do */
	atomic_long answers, refusals;
	int threads;
};

static struct stress stress;

static unsigned int
chance(unsigned int n)
{
	return (unsigned int)rand_r(&stress.seed) % n;
}

static bool
is_full(void)
{
	struct evtask_loop_stats stats;

	evtask_loop_get_stats(stress.loop, &stats);
	return stats.tasks_pending >= TASKS;
}

/* What a task may do for a while. */

static int live(void *arg);

static int
hold_locks(void)
{
	struct evtask_lock *first = stress.locks[chance(LOCKS)];
	struct evtask_lock *second = stress.locks[chance(LOCKS)];
	int r = evtask_lock_acquire(first);

	if (r < 0)
		return r;
	r = evtask_sleep(chance(2000));
	/* In any order: circles form, and are broken by cancelling. */
	if (r == 0 && second != first) {
		r = evtask_lock_acquire(second);
		if (r == 0)
			evtask_lock_release(second);
	}
	evtask_lock_release(first);
	return r;
}

static int
use_queue(void)
{
	struct evtask_value value;

	if (chance(2) == 0)
		return evtask_queue_put(stress.queue, evtask_value_int(1));
	return evtask_queue_get(stress.queue, &value);
}

static int
raise_children(void)
{
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	if (r < 0)
		return r;
	for (unsigned int n = 1 + chance(3); r == 0 && n > 0; n--)
		r = evtask_group_create_task(&group, live, NULL, NULL, NULL);
	return evtask_group_exit(&group, r);
}

static int
await_child(void)
{
	struct evtask *child;
	int r = evtask_create(live, NULL, NULL, &child);

	if (r < 0)
		return r;
	r = evtask_await(child);
	evtask_unref(child);
	return r;
}

static int
cancel_somebody(void)
{
	struct evtask *tasks[TASKS];
	size_t n = evtask_all_tasks(stress.loop, tasks, TASKS), which;

	which = chance(n < TASKS ? (unsigned int)n : TASKS);
	if (tasks[which] != stress.keeper && tasks[which] != stress.clock &&
	    tasks[which] != evtask_current_task())
		evtask_cancel(tasks[which], "by chance");
	return evtask_sleep(0);
}

static int
step(void)
{
	switch (chance(12)) {
	case 0:
	case 1:
	case 2:
		return hold_locks();
	case 3:
	case 4:
		return use_queue();
	case 5:
		return !is_full() ? raise_children() : 0;
	case 6:
		return !is_full() ? await_child() : 0;
	case 7:
		return cancel_somebody();
	case 8:
		return chance(4) == 0 ? evtask_raise(-EIO, "by chance") : 0;
	default:
		return evtask_sleep(chance(3000));
	}
}

static int
live(void *arg)
{
	int r = 0;

	atomic_store(&stress.newest, evtask_id(evtask_current_task()));
	stress.born++;
	for (unsigned int n = chance(STEPS); r == 0 && n > 0; n--)
		r = step();
	return r;
}

/* Keeps the number up, and what has come to a stop goes on. */
static int
keep_up(void *arg)
{
	int r = 0;

	while (r == 0) {
		while (r == 0 && !is_full())
			r = evtask_create(live, NULL, NULL, NULL);
		if (r == 0)
			r = evtask_sleep(1000);
		for (int i = 0; r == 0 && i < 4; i++)
			r = cancel_somebody();
	}
	return r;
}

/* Those who ask. */

enum about { ABOUT_ALL, ABOUT_ONE, ABOUT_MANY };

/* One of the tasks made last, which may be gone. */
static int64_t
any_id(unsigned int *seed)
{
	int64_t newest = (int64_t)atomic_load(&stress.newest);
	int64_t back = rand_r(seed) % 300;

	return newest > back + FIRST_ID ? newest - back : FIRST_ID;
}

static struct json_object *
params_of(unsigned int *seed, enum about about)
{
	struct json_object *params = json_object_new_object();
	struct json_object *ids = json_object_new_array();

	if (about == ABOUT_ONE)
		evtask_ctl_put_int(&params, "task", any_id(seed));
	evtask_ctl_append(&ids, json_object_new_int64(any_id(seed)));
	if (about == ABOUT_MANY)
		evtask_ctl_put(&params, "tasks", json_object_get(ids));
	json_object_put(ids);
	return params;
}

static void
ask(const char *path, const char *method, struct json_object *params)
{
	struct json_object *result = NULL, *error = NULL;
	int r = evtask_ctl_call(path, method, params, PATIENCE_US, &result,
	    &error);

	if (r == 0)
		atomic_fetch_add(&stress.answers, 1);
	else if (r == -EREMOTEIO)
		atomic_fetch_add(&stress.refusals, 1);
	if (r < 0 && (r != -EREMOTEIO || strcmp(evtask_ctl_get_text(
	    evtask_ctl_get(error, "data"), "name", ""), "Internal") == 0)) {
		fprintf(stderr, "%s: %s\n", method, error != NULL ?
		    json_object_to_json_string(error) : strerror(-r));
		abort();
	}
	json_object_put(result);
	json_object_put(error);
}

static const struct {
	const char *method;
	enum about about;
} questions[] = {
	{ "task.list", ABOUT_ALL },
	{ "task.get", ABOUT_ONE },
	{ "task.stack", ABOUT_ONE },
	{ "task.why", ABOUT_ONE },
	{ "task.tree", ABOUT_ALL },
	{ "task.stacks", ABOUT_ALL },
	{ "resource.list", ABOUT_ALL },
	{ "loop.deadlocks", ABOUT_ALL },
	{ "trace.snapshot", ABOUT_ALL },
	{ "task.cancel", ABOUT_MANY },
	{ "daemon.stats", ABOUT_ALL },
	{ "metrics.get", ABOUT_ALL },
};

static void *
inquire(void *arg)
{
	unsigned int seed = (unsigned int)(uintptr_t)arg;
	size_t i;

	while (!atomic_load(&stress.over)) {
		i = (size_t)rand_r(&seed) %
		    (sizeof(questions) / sizeof(questions[0]));
		ask(stress.socket_path, questions[i].method, params_of(&seed,
		    questions[i].about));
	}
	atomic_fetch_sub(&stress.asking, 1);
	return NULL;
}

/* Beside the loop, where the watchdog answers. */
static void *
inquire_beside(void *arg)
{
	while (!atomic_load(&stress.over)) {
		ask(stress.oob_path, "loop.status", json_object_new_object());
		ask(stress.oob_path, "loop.stack", json_object_new_object());
	}
	atomic_fetch_sub(&stress.asking, 1);
	return NULL;
}

static int
watch_the_clock(void *arg)
{
	int r = evtask_sleep(*(int64_t *)arg);

	atomic_store(&stress.over, true);
	while (r == 0 && atomic_load(&stress.asking) > 0)
		r = evtask_sleep(1000);
	evtask_loop_stop(stress.loop);
	return r;
}

static int
furnish(void)
{
	struct evtask_queue_options options = { .size_max = 2,
	    .name = "things" };
	int r = evtask_queue_new(&options, &stress.queue);

	for (size_t i = 0; r == 0 && i < LOCKS; i++)
		r = evtask_lock_new("some", &stress.locks[i]);
	return r;
}

/* Failures are what is wanted here. */
static void
hush(struct evtask_loop *loop, const struct evtask_report *report, void *arg)
{
}

static int
start(pthread_t *threads)
{
	int n = 0;

	stress.threads = INQUIRERS + (stress.oob_path[0] != '\0');
	atomic_store(&stress.asking, stress.threads);
	for (; n < INQUIRERS; n++)
		if (pthread_create(&threads[n], NULL, inquire,
		    (void *)(uintptr_t)(n + 1)) != 0)
			return -EAGAIN;
	return n < stress.threads ?
	    -pthread_create(&threads[n], NULL, inquire_beside, NULL) : 0;
}

int
main(int argc, char **argv)
{
	int64_t us = (argc > 1 ? atoll(argv[1]) : 2) * 1000000;
	char path[64];
	struct evtask_console_options options = { .server = "stress",
	    .socket_path = path, .keep_done = 100, .stall_us = 2000 };
	struct evtask_console *console;
	pthread_t threads[INQUIRERS + 1];

	stress.seed = argc > 2 ? (unsigned int)atoi(argv[2]) : 1;
	snprintf(path, sizeof(path), "/tmp/evtask-stress.%d", (int)getpid());
	if (furnish() < 0 || evtask_loop_new(NULL, &stress.loop) < 0)
		return 99;
	evtask_loop_set_exception_handler(stress.loop, hush, NULL);
	if (evtask_console_start(stress.loop, &options, &console, NULL) < 0 ||
	    evtask_loop_create_task(stress.loop, keep_up, NULL, NULL,
	    &stress.keeper) < 0 || evtask_loop_create_task(stress.loop,
	    watch_the_clock, &us, NULL, &stress.clock) < 0)
		return 99;
	stress.socket_path = path;
	stress.oob_path = evtask_console_oob_path(console);
	if (start(threads) < 0 || evtask_loop_run_forever(stress.loop) < 0)
		return 99;
	for (int i = 0; i < stress.threads; i++)
		pthread_join(threads[i], NULL);
	evtask_console_stop(console);
	evtask_unref(stress.keeper);
	evtask_unref(stress.clock);
	evtask_loop_free(stress.loop);
	for (size_t i = 0; i < LOCKS; i++)
		evtask_lock_free(stress.locks[i]);
	evtask_queue_free(stress.queue);
	printf("1..1\nok 1 - %ld answers, %ld refusals, of %llu lives\n",
	    atomic_load(&stress.answers), atomic_load(&stress.refusals),
	    (unsigned long long)stress.born);
	return atomic_load(&stress.answers) > 0 && stress.born > TASKS ? 0 : 1;
}
