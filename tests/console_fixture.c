/* A console on a loop of virtual time, and clients of it. */
#include "tests/console_fixture.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS_MAX 80
#define TURNS_MAX 20000
#define LONG_US INT64_C(3600000000)

struct evtask_loop *loop;
struct evtask_console *console;
char socket_path[108];
int shutdowns;
enum evtask_console_shutdown shutdown_mode;
int reports;
bool deep_stats;

static char directory[64];
static struct {
	int fd;
	char *bytes; /* read and not yet taken */
	size_t size;
	bool ended;
} clients[CLIENTS_MAX];
static int n_clients;
static struct json_object *last_answer;

/* The console. */

static void
on_shutdown(enum evtask_console_shutdown mode, int64_t timeout_us, void *arg)
{
	shutdowns++;
	shutdown_mode = mode;
}

static void
add_stats(struct json_object *stats, void *arg)
{
	if (deep_stats)
		json_object_object_add(stats, "deep", deep_value());
}

/* Two modules: one brings a coroutine, one is broken. */

static const struct evtask_coroutine plug_row = { .name = "plugged",
	.summary = "come with a module", .fn = run_nap };
static const struct evtask_coroutine *const plug_rows[] = { &plug_row, NULL };
static bool plug_loaded, broken_tried;

static bool
next_module(const char *after, struct evtask_console_module *ret_module,
    void *arg)
{
	if (broken_tried && strcmp(after, "broken") < 0)
		*ret_module = (struct evtask_console_module){
			.name = "broken", .why = "broken.so is no module" };
	else if (strcmp(after, "plug") < 0)
		*ret_module = (struct evtask_console_module){
			.name = "plug", .version = plug_loaded ? "1.0" : NULL,
			.coroutines = plug_loaded ? plug_rows : NULL };
	else
		return false;
	return true;
}

static int
change_plug(enum evtask_console_change change)
{
	int r = 0;

	if (plug_loaded && change != EVTASK_CONSOLE_LOAD) {
		r = evtask_console_remove(console, &plug_row);
		plug_loaded = r < 0;
	} else if (change == EVTASK_CONSOLE_UNLOAD ||
	    (plug_loaded && change == EVTASK_CONSOLE_LOAD)) {
		return 0;
	}
	if (r == 0 && change != EVTASK_CONSOLE_UNLOAD) {
		r = evtask_console_add_from(console, "plug", &plug_row);
		plug_loaded = r == 0;
	}
	if (r == 0)
		evtask_console_announce_module(console, change, "plug",
		    plug_loaded ? "1.0" : NULL);
	return r < 0 ? r : 1;
}

static int
change_module(enum evtask_console_change change, const char *name,
    char **ret_why, void *arg)
{
	int r = -ENOENT;

	if (strcmp(name, "plug") == 0) {
		r = change_plug(change);
		if (r < 0)
			*ret_why = strdup("module plug has tasks");
	} else if (strcmp(name, "broken") == 0) {
		broken_tried = true;
		*ret_why = strdup("broken.so is no module");
		r = -EINVAL;
	}
	return r;
}

static const struct evtask_console_modules modules = {
	.next = next_module, .change = change_module };

static int
on_reload(void *arg)
{
	char *why = NULL;

	free((change_module(EVTASK_CONSOLE_LOAD, "broken", &why, NULL), why));
	return change_plug(EVTASK_CONSOLE_LOAD);
}

static const char *
on_log_level(const char *level, void *arg)
{
	static const char *const levels[] = { "debug", "notice" };
	static const char *now = "notice";

	for (size_t i = 0; level != NULL && i < 2; i++)
		if (strcmp(level, levels[i]) == 0)
			now = levels[i];
	return now;
}

static void
on_report(struct evtask_loop *l, const struct evtask_report *report, void *arg)
{
	reports++;
}

void
console_set_up_with(struct evtask_console_options *options)
{
	struct evtask_loop_options virtual = { .clock = EVTASK_CLOCK_VIRTUAL };
	struct evtask_console_options own = { .shutdown = on_shutdown,
	    .stats = add_stats, .reload = on_reload,
	    .log_level = on_log_level, .modules = &modules };
	const struct evtask_coroutine *row;
	char *message = NULL;
	int r;

	if (options == NULL)
		options = &own;
	snprintf(directory, sizeof(directory), "/tmp/check-console-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(socket_path, sizeof(socket_path), "%s/s", directory);
	if (options->stall_us == 0)
		options->stall_us = -1;	/* time stands still */
	if (options->listen_fd == 0)
		options->socket_path = socket_path;
	shutdowns = reports = n_clients = 0;
	deep_stats = plug_loaded = broken_tried = false;
	ck_assert_int_eq(evtask_loop_new(&virtual, &loop), 0);
	evtask_loop_set_exception_handler(loop, on_report, NULL);
	r = evtask_console_start(loop, options, &console, &message);
	ck_assert_msg(r == 0, "%s", message);
	/* However slow the machine. */
	console->sessions.turn_us = console->sessions.feed_most_us = LONG_US;
	for (row = fixture_rows; row->name != NULL; row++)
		ck_assert_int_eq(evtask_console_add(console, row), 0);
}

void
console_set_up(void)
{
	console_set_up_with(NULL);
}

void
console_feed_sparingly(void)
{
	console->sessions.feed_most_us = SESSION_FEED_US;
}

void
console_stop_now(void)
{
	evtask_console_stop(console);
	console = NULL;
}

void
console_tear_down(void)
{
	int i;

	json_object_put(last_answer);
	last_answer = NULL;
	for (i = 0; i < n_clients; i++) {
		close(clients[i].fd);
		free(clients[i].bytes);
		clients[i].bytes = NULL;
	}
	console_stop_now();
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	/* Fails when the console has left anything there. */
	ck_assert_int_eq(rmdir(directory), 0);
}

void
turn(void)
{
	evtask_loop_stop(loop); /* before a run: it makes one turn */
	ck_assert_int_ge(evtask_loop_run_forever(loop), 0);
}

void
turns(int n)
{
	while (n-- > 0)
		turn();
}

static void
stop(void *arg)
{
	evtask_loop_stop(loop);
}

void
advance(int64_t us)
{
	turns(3);
	ck_assert_int_eq(evtask_call_later(loop, us, stop, NULL, NULL), 0);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	turns(3);
}

/* The clients. */

static int
add_client(int fd)
{
	ck_assert_int_lt(n_clients, CLIENTS_MAX);
	clients[n_clients].fd = fd;
	clients[n_clients].bytes = NULL;
	clients[n_clients].size = 0;
	clients[n_clients].ended = false;
	n_clients++;
	return fd;
}

int
client_new(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0, ends), 0);
	listener_admit(&console->listener, ends[1]);
	return add_client(ends[0]);
}

int
client_of_role(enum evtask_ctl_role role)
{
	int fd = client_new();

	TAILQ_LAST(&console->sessions.list, session_list)->role = role;
	return fd;
}

int
client_connect(void)
{
	int fd = evtask_ctl_connect(socket_path);

	ck_assert_int_ge(fd, 0);
	return add_client(fd);
}

void
client_send_bytes(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;
	ssize_t n;
	int left = TURNS_MAX;

	while (size > 0) {
		n = send(fd, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			at += n;
			size -= (size_t)n;
			continue;
		}
		ck_assert_int_gt(left--, 0);
		turn();
	}
}

void
client_send(int fd, const char *text)
{
	client_send_bytes(fd, text, strlen(text));
}

static int
slot_of(int fd)
{
	int i = 0;

	while (clients[i].fd != fd)
		i++;
	return i;
}

static void
receive(int i)
{
	char buffer[65536];
	ssize_t n;

	while ((n = recv(clients[i].fd, buffer, sizeof(buffer),
	    MSG_DONTWAIT)) > 0) {
		clients[i].bytes = realloc(clients[i].bytes,
		    clients[i].size + (size_t)n);
		memcpy(clients[i].bytes + clients[i].size, buffer, (size_t)n);
		clients[i].size += (size_t)n;
	}
	if (n == 0 || (n < 0 && errno != EAGAIN))
		clients[i].ended = true;
}

static char *
take_line(int i)
{
	char *newline = memchr(clients[i].bytes != NULL ? clients[i].bytes
	    : "", '\n', clients[i].size), *line;
	size_t size;

	if (newline == NULL)
		return NULL;
	size = (size_t)(newline - clients[i].bytes);
	line = strndup(clients[i].bytes, size);
	clients[i].size -= size + 1;
	memmove(clients[i].bytes, newline + 1, clients[i].size);
	return line;
}

char *
client_line(int fd)
{
	int i = slot_of(fd), left = TURNS_MAX;
	char *line;

	while ((line = take_line(i)) == NULL) {
		if (clients[i].ended)
			return NULL;
		receive(i);
		ck_assert_msg(left-- > 0, "no line came");
		turn();
	}
	return line;
}

bool
client_is_silent(int fd)
{
	int i = slot_of(fd);

	turns(20);
	receive(i);
	return clients[i].size == 0 && !clients[i].ended;
}

bool
client_is_ended(int fd)
{
	int i = slot_of(fd);

	turns(20);
	receive(i);
	return clients[i].ended;
}

struct json_object *
next(int fd)
{
	char *line = client_line(fd);
	struct json_object *message;

	ck_assert_msg(line != NULL, "the connection has ended");
	message = json(line);
	free(line);
	return message;
}

void
ask_later(int fd, int id, const char *method, const char *params)
{
	char *line;

	ck_assert_int_gt(asprintf(&line, "{\"jsonrpc\":\"2.0\",\"id\":%d,"
	    "\"method\":\"%s\",\"params\":%s}\n", id, method, params), 0);
	client_send(fd, line);
	free(line);
}

struct json_object *
ask(int fd, const char *method, const char *params)
{
	static int id = 1000000;
	struct json_object *message, *got;

	ask_later(fd, ++id, method, params);
	for (;;) {
		message = next(fd);
		if (json_object_object_get_ex(message, "id", &got) &&
		    json_object_get_int(got) == id)
			return message;
		json_object_put(message);
	}
}

const char *
member(struct json_object *message, const char *path)
{
	struct json_object *value = message;
	char name[64];
	size_t size;

	for (; *path != '\0'; path += size + (path[size] == '.')) {
		size = strcspn(path, ".");
		snprintf(name, sizeof(name), "%.*s", (int)size, path);
		if (json_object_is_type(value, json_type_array))
			value = json_object_array_get_idx(value,
			    (size_t)atoi(name));
		else if (!json_object_object_get_ex(value, name, &value))
			return "(none)";
	}
	return value != NULL ? json_object_get_string(value) : "null";
}

const char *
answer(int fd, const char *method, const char *params, const char *path)
{
	json_object_put(last_answer);
	last_answer = ask(fd, method, params);
	return member(last_answer, path);
}

static int
run_own(void *arg)
{
	return evtask_sleep(*(int64_t *)arg);
}

struct evtask *
own_task(const char *name, int64_t delay_us)
{
	struct evtask_options options = { .name = name, .arg_free = free };
	int64_t *delay = malloc(sizeof(*delay));
	struct evtask *task;

	*delay = delay_us;
	ck_assert_int_eq(evtask_loop_create_task(loop, run_own, delay,
	    &options, &task), 0);
	evtask_unref(task); /* the loop keeps it */
	return task;
}
