/* Snapshots: exact, whatever happens while they are told. */
#include <sys/socket.h>
#include "tests/console_fixture.h"

#define TASKS 400

/* What a client knows, from what it was told. */
static struct {
	char name[64];
	bool told, done, forgotten;
	bool exact; /* the name is that of its last event or snapshot */
} known[4 * TASKS + 1];
static bool synced;
static int snapshots;

static void
learn_event(struct json_object *params)
{
	int id = atoi(member(params, "task"));
	const char *type = member(params, "type");

	/* A new task is told as it is when that is told. */
	if (strcmp(type, "task.created") == 0) {
		ck_assert_msg(!known[id].told, "task %d is told twice", id);
		known[id].told = true;
		snprintf(known[id].name, sizeof(known[id].name), "%s",
		    member(params, "data.task.name"));
		return;
	}
	ck_assert_msg(known[id].told, "%s of task %d, not told", type, id);
	ck_assert_msg(!known[id].forgotten, "%s of task %d, forgotten", type,
	    id);
	if (strcmp(type, "task.done") == 0) {
		ck_assert_msg(!known[id].done, "task %d is done twice", id);
		known[id].done = true;
	} else if (strcmp(type, "task.renamed") == 0) {
		if (known[id].exact)
			ck_assert_str_eq(member(params, "data.previous"),
			    known[id].name);
		known[id].exact = true;
		snprintf(known[id].name, sizeof(known[id].name), "%s",
		    member(params, "data.name"));
	} else {
		known[id].forgotten = true;
	}
}

static void
learn(struct json_object *message)
{
	struct json_object *params = evtask_ctl_get(message, "params");
	const char *method = member(message, "method");
	int id = atoi(member(params, "task.id"));

	if (strcmp(method, "event") == 0) {
		learn_event(params);
	} else if (strcmp(method, "event.snapshot") == 0) {
		ck_assert_msg(!known[id].told, "task %d is told twice", id);
		known[id].told = known[id].exact = true;
		known[id].done = strcmp(member(params, "task.state"),
		    "done") == 0;
		snprintf(known[id].name, sizeof(known[id].name), "%s",
		    member(params, "task.name"));
		snapshots++;
	} else {
		ck_assert_str_eq(method, "event.synced");
		ck_assert(!synced);
		synced = true;
	}
}

static void
set_up(void)
{
	console_set_up();
	memset(known, 0, sizeof(known));
	synced = false;
	snapshots = 0;
}

/* What the console knows is what the client does. */
static void
assert_known(void)
{
	const struct record *record;
	size_t n = 0, i;

	TAILQ_FOREACH(record, &console->registry.records, link) {
		ck_assert(known[record->id].told);
		ck_assert(!known[record->id].forgotten);
		ck_assert_int_eq(known[record->id].done, record->done);
		ck_assert_str_eq(known[record->id].name, record->name);
	}
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		n += known[i].told && !known[i].forgotten;
	ck_assert_uint_eq(n, console->registry.count);
}

static struct record *
any(unsigned int *seed)
{
	uint64_t last = console->registry.last_id;

	return registry_find(&console->registry, 1 + (uint64_t)
	    rand_r(seed) % last);
}

/* Something happens to some task, old or new. */
static void
churn(unsigned int *seed)
{
	struct record *record = any(seed);
	char name[32];

	switch (rand_r(seed) % 4) {
	case 0:
		if (console->registry.last_id < 2 * TASKS)
			own_task("new", 60000000);
		break;
	case 1:
		if (record != NULL && !record->done)
			evtask_cancel(record->task, "churn");
		break;
	case 2:
		snprintf(name, sizeof(name), "r%d", rand_r(seed) % 1000);
		if (record != NULL)
			evtask_set_name(record->task, name);
		break;
	default:
		if (record != NULL && record->done) {
			console_tell(console, EVENT_FORGOTTEN, record->id, 0,
			    NULL);
			registry_forget(&console->registry, record);
		}
	}
}

#define EVERY "{\"types\":[\"task.created\",\"task.done\"," \
    "\"task.renamed\",\"task.forgotten\"],\"snapshot\":true," \
    "\"fields\":[\"name\",\"state\"]"

START_TEST(a_snapshot_under_churn_misses_nothing_and_repeats_nothing)
{
	unsigned int seed = (unsigned int)_i + 1;
	int fd, small = 4096, i;
	struct json_object *m;

	for (i = 0; i < TASKS; i++)
		own_task("old", 60000000);
	turns(3);
	fd = client_new();
	/* So little room that the snapshot takes many turns. */
	setsockopt(TAILQ_FIRST(&console->sessions.list)->fd, SOL_SOCKET,
	    SO_SNDBUF, &small, sizeof(small));
	m = ask(fd, "sub.open", EVERY "}");
	json_object_put(m);
	while (!synced) {
		m = next(fd);
		learn(m);
		json_object_put(m);
		churn(&seed);
		churn(&seed);
	}
	turns(20);
	while (!client_is_silent(fd)) {
		m = next(fd);
		learn(m);
		json_object_put(m);
	}
	assert_known();
	ck_assert_int_gt(snapshots, 100);
}
END_TEST

static void
assert_next(int fd, const char *path, const char *value)
{
	struct json_object *m = next(fd);

	ck_assert_str_eq(member(m, path), value);
	json_object_put(m);
}

START_TEST(a_snapshot_of_some_tasks_tells_those)
{
	int fd = client_new();

	own_task("a", 60000000);
	own_task("b", 60000000);
	own_task("c", 60000000);
	turns(3);
	json_object_put(ask(fd, "sub.open", "{\"types\":[\"task.done\"],"
	    "\"tasks\":[\"c\",\"a\"],\"snapshot\":true}"));
	assert_next(fd, "params.task.name", "a");
	assert_next(fd, "params.task.name", "c");
	assert_next(fd, "params.tasks", "2");
	ck_assert(client_is_silent(fd));
}
END_TEST

/* More than the ring holds, while nobody reads. */
static void
overtake(int fd)
{
	struct evtask *task = own_task("n", 60000000);
	char name[32];
	int i;

	turns(3);
	for (i = 0; i < RING_RECORDS + 2000; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		evtask_set_name(task, name);
	}
	turns(3);
}

START_TEST(after_a_lag_comes_a_snapshot_if_asked)
{
	int fd = client_new();
	struct json_object *m;
	bool lagged = false;

	json_object_put(ask(fd, "sub.open", "{\"types\":[\"task.renamed\"],"
	    "\"on_lag\":\"snapshot\",\"fields\":[\"name\"]}"));
	overtake(fd);
	for (;;) {
		m = next(fd);
		lagged |= strcmp(member(m, "method"), "event.lag") == 0;
		if (strcmp(member(m, "method"), "event.snapshot") == 0)
			break;
		json_object_put(m);
	}
	ck_assert(lagged);
	ck_assert_str_eq(member(m, "params.task.name"), "n18383");
	json_object_put(m);
	m = next(fd);
	ck_assert_str_eq(member(m, "method"), "event.synced");
	json_object_put(m);
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(after_a_lag_comes_the_end_if_asked)
{
	int fd = client_new();
	struct json_object *m;

	json_object_put(ask(fd, "sub.open", "{\"types\":[\"task.renamed\"],"
	    "\"on_lag\":\"end\"}"));
	overtake(fd);
	do {
		m = next(fd);
		if (strcmp(member(m, "method"), "event.end") == 0)
			break;
		json_object_put(m);
	} while (true);
	ck_assert_str_eq(member(m, "params.reason"), "lag");
	json_object_put(m);
	ck_assert(client_is_silent(fd));
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
}
END_TEST

START_TEST(a_snapshot_ends_with_its_subscription)
{
	int fd = client_new(), i;

	for (i = 0; i < 2000; i++)
		own_task("t", 60000000);
	turns(3);
	ask_later(fd, 1, "sub.open", "{\"types\":[\"task.done\"],"
	    "\"snapshot\":true}");
	turns(5);
	ck_assert(!LIST_EMPTY(&console->registry.walks));
	ask_later(fd, 2, "sub.close", "{\"sub\":1}");
	turns(5);
	ck_assert(LIST_EMPTY(&console->registry.walks));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("snapshot");
	TCase *tc = tcase_create("snapshot");

	tcase_add_checked_fixture(tc, set_up, console_tear_down);
	tcase_add_loop_test(tc,
	    a_snapshot_under_churn_misses_nothing_and_repeats_nothing, 0, 8);
	tcase_add_test(tc, a_snapshot_of_some_tasks_tells_those);
	tcase_add_test(tc, after_a_lag_comes_a_snapshot_if_asked);
	tcase_add_test(tc, after_a_lag_comes_the_end_if_asked);
	tcase_add_test(tc, a_snapshot_ends_with_its_subscription);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
