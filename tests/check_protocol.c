/*
 * The golden transcripts of tests/protocol, which are the contract: what is
 * sent, and what comes back, member by member. A line of a transcript is
 *
 *	# a comment
 *	> a line that the client sends, as it is
 *	< what comes next; "*" stands for any value
 *	! a stage direction: see `directions`
 *
 * With RECORD=1 in the environment the replies that are no longer so are
 * written anew, for review.
 */
#include <dirent.h>
#include <errno.h>
#include <evtask/stream.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/console/settle.h"
#include "lib/console/watch.h"
#include "tests/console_fixture.h"

#define TRANSCRIPTS_MAX 64
#define LINES_MAX 256

struct transcript {
	char name[64];
	char *lines[LINES_MAX];
	int count;
};

static struct transcript transcripts[TRANSCRIPTS_MAX];
static int n_transcripts;

static const char *
folder(void)
{
	static char path[1024];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof(path), "%s/tests/protocol",
	    top != NULL ? top : TOP_SRCDIR);
	return path;
}

static void
read_transcript(struct transcript *t, const char *name)
{
	char path[1200], *line = NULL;
	size_t room = 0;
	ssize_t size;
	FILE *file;

	snprintf(t->name, sizeof(t->name), "%s", name);
	snprintf(path, sizeof(path), "%s/%s", folder(), name);
	file = fopen(path, "r");
	while (file != NULL && (size = getline(&line, &room, file)) > 0 &&
	    t->count < LINES_MAX) {
		line[size - 1] = '\0';
		t->lines[t->count++] = strdup(line);
	}
	free(line);
	if (file != NULL)
		fclose(file);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct transcript *)a)->name,
	    ((const struct transcript *)b)->name);
}

static void
read_transcripts(void)
{
	struct dirent *entry;
	DIR *dir = opendir(folder());
	const char *dot;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		dot = strrchr(entry->d_name, '.');
		if (dot != NULL && strcmp(dot, ".txt") == 0 &&
		    n_transcripts < TRANSCRIPTS_MAX)
			read_transcript(&transcripts[n_transcripts++],
			    entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	qsort(transcripts, (size_t)n_transcripts, sizeof(transcripts[0]),
	    by_name);
}

/* Whether got is what was expected, where "*" is anything. */
static bool
is_like(struct json_object *want, struct json_object *got)
{
	struct json_object *other;
	size_t i;

	if (json_object_is_type(want, json_type_string) &&
	    strcmp(json_object_get_string(want), "*") == 0)
		return true;
	if (json_object_is_type(want, json_type_array) &&
	    json_object_is_type(got, json_type_array)) {
		if (json_object_array_length(want) !=
		    json_object_array_length(got))
			return false;
		for (i = 0; i < json_object_array_length(want); i++)
			if (!is_like(json_object_array_get_idx(want, i),
			    json_object_array_get_idx(got, i)))
				return false;
		return true;
	}
	if (json_object_is_type(want, json_type_object) &&
	    json_object_is_type(got, json_type_object)) {
		if (json_object_object_length(want) !=
		    json_object_object_length(got))
			return false;
		json_object_object_foreach(want, key, value)
			if (!json_object_object_get_ex(got, key, &other) ||
			    !is_like(value, other))
				return false;
		return true;
	}
	return json_object_equal(want, got);
}

/* Stage directions. */

static int fd; /* the client on the stage */

static void
advance_us(const char *arg)
{
	advance(atoll(arg));
}

static void
announce(const char *arg)
{
	evtask_console_announce_shutdown(console, EVTASK_CONSOLE_DRAIN);
}

static void
take_role(const char *arg)
{
	fd = client_of_role(strcmp(arg, "viewer") == 0 ? EVTASK_CTL_VIEWER
	    : EVTASK_CTL_OPERATOR);
}

/* A task of the program's own, which sleeps for a minute. */
static void
make_own(const char *arg)
{
	own_task(arg, 60000000);
	turns(3);
}

static void
send_bytes(const char *arg)
{
	size_t size = strtoul(arg, NULL, 10);
	char *bytes = malloc(size + 1);

	memset(bytes, 'x', size);
	bytes[size] = '\n';
	client_send_bytes(fd, bytes, size + 1);
	free(bytes);
}

/* The same request 256 times, each with an id of its own, from 1000. */
static void
repeat(const char *arg)
{
	int i;

	for (i = 0; i < 256; i++)
		ask_later(fd, 1000 + i, "task.wait", arg);
}

static void
send_bad_utf8(const char *arg)
{
	client_send(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc3\x28\"}"
	    "\n");
}

static void
stay_silent(const char *arg)
{
	ck_assert(client_is_silent(fd));
}

static void
hide_shutdown(const char *arg)
{
	console->shutdown = NULL;
}

static void
hide_rest(const char *arg)
{
	console->reload = NULL;
	console->log_level = NULL;
	console->modules = NULL;
}

static void
deepen_stats(const char *arg)
{
	deep_stats = true;
}

static void
fill_stdin(const char *arg)
{
	static char bytes[JOB_STDIN_MAX];
	struct record *record = registry_find_name(&console->registry, arg);

	ck_assert_int_eq(job_send(record->job, bytes, sizeof(bytes), false),
	    0);
}

/* Two tasks that take two locks crosswise, and one that ends with a third. */
static struct evtask_lock *locks[3];
static int far_end = -1;	/* of a task's stream */

static int
take_crosswise(void *arg)
{
	struct evtask_lock **mine = arg;
	int r = evtask_lock_acquire(mine[0]);

	if (r == 0)
		r = evtask_sleep(0);
	if (r == 0)
		r = evtask_lock_acquire(mine[1]);
	return r;
}

static int
take_and_end(void *arg)
{
	int r = evtask_lock_acquire(arg);

	return r;
}

static void
make_sick(const char *arg)
{
	static const char *const names[] = { "one", "two", "lost" };
	static struct evtask_lock *pairs[2][2];
	struct evtask_options a = { .name = "a" }, b = { .name = "b" },
	    c = { .name = "thief" };
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(evtask_lock_new(names[i], &locks[i]), 0);
	pairs[0][0] = pairs[1][1] = locks[0];
	pairs[0][1] = pairs[1][0] = locks[1];
	ck_assert_int_eq(evtask_loop_create_task(loop, take_crosswise,
	    pairs[0], &a, NULL), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, take_crosswise,
	    pairs[1], &b, NULL), 0);
	ck_assert_int_eq(evtask_loop_create_task(loop, take_and_end, locks[2],
	    &c, NULL), 0);
	turns(5);
}

static int
read_one(void *arg)
{
	struct evtask_stream *near;
	char byte;
	int r = evtask_stream_new((int)(intptr_t)arg, &near);

	if (r < 0)
		return r;
	r = evtask_stream_write_nowait(near, "hello", 5);
	if (r == 0)
		r = (int)evtask_stream_read(near, &byte, 1);
	evtask_stream_unref(near);
	return r;
}

/* Nobody writes to its other end. */
static void
make_stream(const char *arg)
{
	struct evtask_options options = { .name = arg };
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
	    pair), 0);
	far_end = pair[1];
	ck_assert_int_eq(evtask_loop_create_task(loop, read_one,
	    (void *)(intptr_t)pair[0], &options, NULL), 0);
	turns(2);
}

static void
look_around(const char *arg)
{
	while (watch_some(console, 1))
		;
	settle_soon(console);
}

static void
tear_down(void)
{
	int i;

	console_tear_down();
	if (far_end >= 0)
		close(far_end);
	far_end = -1;
	for (i = 0; i < 3; i++)
		evtask_lock_free(locks[i]);
}

/* As stall.c tells of it. */
static void
pass_stall(const char *arg)
{
	struct record *record = registry_find_name(&console->registry, arg);

	console_tell(console, EVENT_STALL, record->id, 730000,
	    strdup("blocker\nclock_nanosleep\ncrawl"));
	turns(2);
}

static const struct {
	const char *name;
	void (*act)(const char *arg);
} directions[] = {
	{ "advance", advance_us },     /* US: that much time passes */
	{ "announce", announce },      /* the program is going to end */
	{ "role", take_role },         /* ROLE: another client, of that role */
	{ "own", make_own },           /* NAME: a task of the program */
	{ "bytes", send_bytes },       /* N: a line of so many bytes */
	{ "wait256", repeat },         /* PARAMS: 256 waits, unanswered */
	{ "bad-utf8", send_bad_utf8 },
	{ "silent", stay_silent },     /* nothing comes */
	{ "no-shutdown", hide_shutdown }, /* the program does not offer it */
	{ "nothing-else", hide_rest }, /* nor reload, log_level, modules */
	{ "deep-stats", deepen_stats }, /* more than a line can hold */
	{ "fill-stdin", fill_stdin },  /* NAME: its queue has no room */
	{ "sick", make_sick },         /* a deadlock of a and b, a lost lock */
	{ "stream", make_stream },     /* NAME: a task that reads one */
	{ "look", look_around },       /* a round of looking at tasks */
	{ "stall", pass_stall },       /* TASK: it has blocked the loop */
};

static void
act(const char *direction)
{
	size_t size = strcspn(direction, " "), i;

	for (i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
		if (strlen(directions[i].name) == size &&
		    strncmp(directions[i].name, direction, size) == 0) {
			directions[i].act(direction + size +
			    (direction[size] == ' '));
			return;
		}
	}
	ck_abort_msg("no such stage direction: %s", direction);
}

/* Recording. */

static bool
is_volatile(const char *key)
{
	static const char *const keys[] = { "seq", "instance", "version",
	    "pid", "uid", "site", "created_at", "held_at", "stack", "frames",
	    "records", "counters", "ref", "methods", "components", "info",
	    "requests", "metrics", NULL };
	const char *const *k;
	size_t size = strlen(key);

	for (k = keys; *k != NULL; k++)
		if (strcmp(*k, key) == 0)
			return true;
	return size > 3 && strcmp(key + size - 3, "_us") == 0;
}

static struct json_object *
masked(struct json_object *value)
{
	struct json_object *out;
	size_t i;

	if (json_object_is_type(value, json_type_array)) {
		out = json_object_new_array();
		for (i = 0; i < json_object_array_length(value); i++)
			json_object_array_add(out, masked(
			    json_object_array_get_idx(value, i)));
		return out;
	}
	if (json_object_is_type(value, json_type_string) &&
	    strncmp(json_object_get_string(value), "# HELP", 6) == 0)
		return json_object_new_string("*");
	if (!json_object_is_type(value, json_type_object))
		return json_object_get(value);
	out = json_object_new_object();
	json_object_object_foreach(value, key, inner) {
		if (inner != NULL && (is_volatile(key) ||
		    (strcmp(key, "hint") == 0 &&
		    json_object_object_get_ex(value, "ref", NULL))))
			json_object_object_add(out, key,
			    json_object_new_string("*"));
		else
			json_object_object_add(out, key, masked(inner));
	}
	return out;
}

static void
record(struct transcript *t, int i)
{
	struct json_object *got = next(fd), *kept = masked(got);
	struct json_object *before = json_tokener_parse(t->lines[i] + 1);

	if (before == NULL || !is_like(before, got)) {
		free(t->lines[i]);
		ck_assert_int_gt(asprintf(&t->lines[i], "< %s",
		    json_object_to_json_string_ext(kept,
		    JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE)), 0);
	}
	json_object_put(before);
	json_object_put(kept);
	json_object_put(got);
}

static void
write_transcript(const struct transcript *t)
{
	char path[1200];
	FILE *file;
	int i;

	snprintf(path, sizeof(path), "%s/%s", folder(), t->name);
	file = fopen(path, "w");
	for (i = 0; i < t->count; i++)
		fprintf(file, "%s\n", t->lines[i]);
	fclose(file);
}

/* Playing. */

static void
expect(const struct transcript *t, int i)
{
	struct json_object *want = json(t->lines[i] + 2), *got = next(fd);

	ck_assert_msg(is_like(want, got), "%s:%d\nexpected %s\nbut got  %s",
	    t->name, i + 1, t->lines[i] + 2, json_object_to_json_string_ext(
	    got, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(want);
	json_object_put(got);
}

START_TEST(a_transcript_holds)
{
	struct transcript *t = &transcripts[_i];
	bool recording = getenv("RECORD") != NULL;
	int i;

	fd = client_new();
	for (i = 0; i < t->count; i++) {
		switch (t->lines[i][0]) {
		case '>':
			client_send(fd, t->lines[i] + 2);
			client_send(fd, "\n");
			break;
		case '<':
			if (recording)
				record(t, i);
			else
				expect(t, i);
			break;
		case '!':
			act(t->lines[i] + 2);
			break;
		case '#':
		case '\0':
			break;
		default:
			ck_abort_msg("%s:%d: what is this?", t->name, i + 1);
		}
	}
	if (recording)
		write_transcript(t);
	else
		ck_assert_msg(client_is_silent(fd), "%s: more came", t->name);
}
END_TEST

/* Completeness: what is in the schema is in a transcript. */

/* The method of the last request with that id before line i. */
static const char *
method_of(const struct transcript *t, int i, const char *id)
{
	static char method[64];
	struct json_object *m;

	while (--i >= 0) {
		if (t->lines[i][0] != '>')
			continue;
		m = json_tokener_parse(t->lines[i] + 2);
		if (m == NULL)
			continue;
		snprintf(method, sizeof(method), "%s", member(m, "method"));
		if (strcmp(member(m, "id"), id) == 0) {
			json_object_put(m);
			return method;
		}
		json_object_put(m);
	}
	return "";
}

/* Whether some transcript has an answer to method (NULL: any) that is that
 * error (NULL: a result). */
static bool
is_shown(const char *method, const char *error)
{
	struct json_object *m;
	bool found = false;
	int t, i;

	for (t = 0; t < n_transcripts && !found; t++) {
		for (i = 0; i < transcripts[t].count && !found; i++) {
			if (transcripts[t].lines[i][0] != '<')
				continue;
			m = json(transcripts[t].lines[i] + 2);
			if (error != NULL)
				found = strcmp(member(m, "error.data.name"),
				    error) == 0;
			else
				found = strcmp(member(m, "result"),
				    "(none)") != 0;
			if (found && method != NULL)
				found = strcmp(method_of(&transcripts[t], i,
				    member(m, "id")), method) == 0;
			json_object_put(m);
		}
	}
	return found;
}

START_TEST(every_method_is_shown_to_succeed)
{
	const struct evtask_ctl_method *m;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		ck_assert_msg(is_shown(m->name, NULL), "%s", m->name);
}
END_TEST

START_TEST(every_error_of_every_method_is_shown)
{
	const struct evtask_ctl_method *m;
	const char *const *error;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		for (error = m->errors; *error != NULL; error++)
			ck_assert_msg(is_shown(m->name, *error), "%s of %s",
			    *error, m->name);
}
END_TEST

START_TEST(every_general_error_is_shown)
{
	const struct evtask_ctl_error *error;

	for (error = evtask_ctl_errors(); error->name != NULL; error++)
		ck_assert_msg(!error->general || is_shown(NULL, error->name),
		    "%s", error->name);
}
END_TEST

START_TEST(every_type_of_event_and_every_notice_is_shown)
{
	const struct evtask_ctl_event *event;
	const struct evtask_ctl_notice *notice;
	char word[80];
	bool found;
	int t, i;

	for (event = evtask_ctl_events(); event->name != NULL; event++) {
		found = false;
		snprintf(word, sizeof(word), "\"type\":\"%s\"", event->name);
		for (t = 0; t < n_transcripts; t++)
			for (i = 0; i < transcripts[t].count; i++)
				found |= transcripts[t].lines[i][0] == '<' &&
				    strstr(transcripts[t].lines[i], word);
		ck_assert_msg(found, "%s", event->name);
	}
	/* A lag takes twenty thousand events: see check_subscription.c. */
	for (notice = evtask_ctl_notices(); notice->name != NULL; notice++) {
		found = strcmp(notice->name, "event.lag") == 0;
		snprintf(word, sizeof(word), "\"method\":\"%s\"",
		    notice->name);
		for (t = 0; t < n_transcripts; t++)
			for (i = 0; i < transcripts[t].count; i++)
				found |= strstr(transcripts[t].lines[i],
				    word) != NULL;
		ck_assert_msg(found, "%s", notice->name);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("protocol");
	TCase *tc = tcase_create("transcripts"), *all = tcase_create("schema");

	read_transcripts();
	tcase_add_checked_fixture(tc, console_set_up, tear_down);
	tcase_add_loop_test(tc, a_transcript_holds, 0, n_transcripts);
	suite_add_tcase(s, tc);
	tcase_add_test(all, every_method_is_shown_to_succeed);
	tcase_add_test(all, every_error_of_every_method_is_shown);
	tcase_add_test(all, every_general_error_is_shown);
	tcase_add_test(all, every_type_of_event_and_every_notice_is_shown);
	suite_add_tcase(s, all);
	return suite_main(s);
}
