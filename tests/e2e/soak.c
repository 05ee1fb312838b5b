/*
 * soak.c - random clients of a server, for a while:
 *
 *	soak SOCKET SECONDS [SEED]
 *
 * They make tasks and look after them in every way the protocol has, read
 * late, send in pieces, hang up in the middle, or say goodbye and wait for all
 * that was unanswered. Every request of who stays is answered once, whatever
 * the others do; at the end nothing is left of any of them. Every task has a
 * time limit, so it stops by itself.
 *
 * Prints what was done; exits with 1 when a reply was lost or wrong.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 24
#define SUBS_MAX 8
#define TASK_LIMIT_US 2000000  /* no task lives longer */
#define LATE_US 3000000        /* nobody reads later than that */
#define SILENCE_US 60000000    /* a reply that takes longer is lost */
#define TURN_MS 5
#define NAMES 40

/* SERVING asks and reads; LEAVING has said goodbye and waits for the rest. */
enum phase { ABSENT, SERVING, LEAVING };

struct client {
	enum phase phase;
	int fd;
	struct evtask_ctl_client *ctl;
	struct soak *soak;
	int left;               /* requests to send */
	bool in_pieces;         /* sends a few bytes at a time */
	int64_t reads_again_us;
	int64_t last_us;        /* when something came, or was asked */
	int64_t subs[SUBS_MAX];
	int n_subs;
	int opening;            /* sub.open without an answer */
};

struct soak {
	const char *path;
	struct client clients[CLIENTS];
	uint64_t random;
	int64_t now_us;
	int64_t last_task;
	uint64_t asked, answered, refused, notices, killed, left, vandals;
	bool ending;
	bool failed;
};

static int64_t
clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* xorshift64 */
static unsigned
pick(struct soak *soak, unsigned of)
{
	uint64_t x = soak->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	soak->random = x;
	return (unsigned)(x >> 20) % of;
}

static void
complain(struct soak *soak, const char *what, struct json_object *about)
{
	fprintf(stderr, "soak: %s: %s\n", what,
	    about != NULL ? json_object_to_json_string(about) : "");
	soak->failed = true;
}

/* Requests. */

static const char *
some_task(struct soak *soak, char text[32])
{
	if (pick(soak, 2) == 0)
		snprintf(text, 32, "\"t%u\"", pick(soak, NAMES));
	else
		snprintf(text, 32, "%lld", (long long)(soak->last_task > 20
		    ? soak->last_task - pick(soak, 20) : 1));
	return text;
}

/* $T is a task, $N a name, $R a number; the more rows, the more often. */
static const struct {
	const char *method, *params;
} kinds[] = {
	{ "rpc.ping", "{}" },
	{ "rpc.hello", "{}" },
	{ "task.create", "{\"coroutine\":\"sleep\",\"args\":{\"delay\":0.$R},"
	    "\"name\":\"t$N\",\"timeout_us\":2000000}" },
	{ "task.create", "{\"coroutine\":\"sleep\",\"args\":{\"delay\":\"$Rms"
	    "\"},\"timeout_us\":2000000,\"wait\":true}" },
	{ "task.create", "{\"coroutine\":\"sleep\",\"args\":{\"delay\":3},"
	    "\"bind\":\"connection\",\"timeout_us\":2000000}" },
	{ "task.create", "{\"coroutine\":\"exec\",\"args\":{\"argv\":[\"true\""
	    "]},\"timeout_us\":2000000,\"wait\":true}" },
	{ "task.create", "{\"coroutine\":\"exec\",\"args\":{\"argv\":[\"cat\""
	    "]},\"name\":\"t$N\",\"timeout_us\":1500000}" },
	{ "task.create", "{\"coroutine\":\"exec\",\"args\":{\"shell\":\"for i "
	    "in 1 2 3 4 5 6; do echo $i $R; echo no >&2; done\"},\"follow\":"
	    "true,\"pace\":true,\"timeout_us\":2000000}" },
	{ "task.create", "{\"coroutine\":\"sleep\",\"args\":{\"delay\":1},"
	    "\"key\":\"k$N\",\"timeout_us\":2000000}" },
	{ "task.create", "{\"coroutine\":\"nothing\"}" },
	{ "task.create", "{\"coroutine\":\"sleep\",\"args\":{\"dela\":1}}" },
	{ "task.list", "{\"limit\":$R}" },
	{ "task.list", "{\"sort\":\"-name\",\"name\":\"t*\",\"fields\":"
	    "[\"name\",\"state\"]}" },
	{ "task.get", "{\"task\":$T}" },
	{ "task.wait", "{\"tasks\":[$T],\"timeout_us\":$R0000}" },
	{ "task.wait", "{\"tasks\":[$T,$T],\"mode\":\"any\"}" },
	{ "task.result", "{\"task\":$T,\"wait\":true}" },
	{ "task.result", "{\"task\":$T}" },
	{ "task.exception", "{\"task\":$T,\"wait\":true}" },
	{ "task.cancel", "{\"tasks\":[$T],\"message\":\"soaked $R\"}" },
	{ "task.cancel", "{\"tasks\":[$T],\"wait\":true}" },
	{ "task.stdin", "{\"task\":$T,\"data\":\"line $R\\n\"}" },
	{ "task.stdin", "{\"task\":$T,\"eof\":true}" },
	{ "task.signal", "{\"task\":$T,\"signal\":\"TERM\"}" },
	{ "task.logs", "{\"task\":$T}" },
	{ "task.logs", "{\"task\":$T,\"follow\":true}" },
	{ "task.rename", "{\"task\":$T,\"name\":\"t$N\"}" },
	{ "task.forget", "{\"tasks\":[$T]}" },
	{ "sub.open", "{\"types\":[\"task.created\",\"task.done\","
	    "\"task.log\",\"task.waiting\"]}" },
	{ "rpc.cancel", "{\"id\":$R}" },
	{ "coroutine.list", "{}" },
	{ "daemon.stats", "{}" },
	{ "no.such.method", "{}" },
};

static struct json_object *
make_params(struct soak *soak, const char *form)
{
	char out[512], task[32];
	size_t size = 0;

	for (; *form != '\0'; form++) {
		if (*form != '$' || strchr("TNR", form[1]) == NULL)
			size += (size_t)snprintf(out + size, sizeof(out) -
			    size, "%c", *form);
		else if (*++form == 'T')
			size += (size_t)snprintf(out + size, sizeof(out) -
			    size, "%s", some_task(soak, task));
		else
			size += (size_t)snprintf(out + size, sizeof(out) -
			    size, "%u", *form == 'N' ? pick(soak, NAMES)
			    : 1 + pick(soak, 98));
	}
	return json_tokener_parse(out);
}

static void
on_reply(struct json_object *result, struct json_object *error, void *arg)
{
	struct client *client = arg;
	struct soak *soak = client->soak;
	const char *name = evtask_ctl_get_text(
	    evtask_ctl_get(error, "data"), "name", "none");
	int64_t sub = evtask_ctl_get_int(result, "sub", 0);
	int64_t task = evtask_ctl_get_int(evtask_ctl_get(result, "task"),
	    "id", 0);

	soak->answered++;
	client->last_us = soak->now_us;
	if (error != NULL)
		soak->refused++;
	if (error != NULL && (evtask_ctl_error_find(name) == NULL ||
	    strcmp(name, "InternalError") == 0))
		complain(soak, "a reply that should not be", error);
	if (sub > 0 && client->n_subs < SUBS_MAX)
		client->subs[client->n_subs++] = sub;
	if (task > soak->last_task)
		soak->last_task = task;
}

static void
on_opened(struct json_object *result, struct json_object *error, void *arg)
{
	struct client *client = arg;

	client->opening--;
	on_reply(result, error, arg);
}

static void
on_notice(const char *method, struct json_object *params, void *arg)
{
	struct client *client = arg;

	client->soak->notices++;
	client->last_us = client->soak->now_us;
}

static void
ask(struct client *client, const char *method, struct json_object *params)
{
	bool opens = strcmp(method, "sub.open") == 0;
	int64_t id = evtask_ctl_client_request(client->ctl, method, params,
	    opens ? on_opened : on_reply, client);

	client->opening += opens;
	if (id < 0)
		complain(client->soak, "cannot ask", NULL);
	client->soak->asked++;
	client->last_us = client->soak->now_us;
	if (id > 0 && pick(client->soak, 50) == 0 &&
	    evtask_ctl_client_cancel(client->ctl, id) < 0)
		complain(client->soak, "cannot cancel", NULL);
}

static void
ask_something(struct client *client)
{
	unsigned kind = pick(client->soak, sizeof(kinds) / sizeof(kinds[0]));

	ask(client, kinds[kind].method,
	    make_params(client->soak, kinds[kind].params));
}

/* Coming and going. */

static void
come(struct soak *soak, struct client *client)
{
	int fd = evtask_ctl_connect(soak->path);

	if (fd == -EAGAIN) /* the server has not got round to it */
		return;
	if (fd < 0) {
		complain(soak, strerror(-fd), NULL);
		return;
	}
	*client = (struct client){ .phase = SERVING, .fd = fd, .soak = soak,
		.left = 1 + (int)pick(soak, 60),
		.in_pieces = pick(soak, 6) == 0, .last_us = soak->now_us };
	client->ctl = evtask_ctl_client_new(on_notice, client);
	if (client->ctl == NULL)
		abort();
}

static void
go(struct client *client)
{
	evtask_ctl_client_free(client->ctl);
	close(client->fd);
	client->phase = ABSENT;
}

/* In the middle of it: what was asked and not answered does not count. */
static void
vanish(struct client *client)
{
	struct soak *soak = client->soak;

	soak->asked -= evtask_ctl_client_pending(client->ctl);
	soak->killed++;
	go(client);
}

static bool
has_output(const struct client *client)
{
	size_t size;

	return evtask_ctl_client_output(client->ctl, &size) != NULL;
}

/* Subscriptions would keep the connection; then the half of the goodbye. */
static void
say_goodbye(struct client *client)
{
	struct json_object *params;

	if (client->n_subs > 0) {
		params = json_object_new_object();
		evtask_ctl_put_int(&params, "sub",
		    client->subs[--client->n_subs]);
		ask(client, "sub.close", params);
	} else if (client->opening == 0 && !has_output(client) &&
	    (evtask_ctl_client_pending(client->ctl) == 0 ||
	    pick(client->soak, 2) == 0)) {
		shutdown(client->fd, SHUT_WR);
		client->phase = LEAVING;
	}
}

/* Bytes that are no protocol, and gone. */
static void
vandalize(struct soak *soak)
{
	char bytes[4096];
	int fd = evtask_ctl_connect(soak->path), n = 1 + (int)pick(soak, 300);
	size_t i;

	if (fd < 0)
		return;
	while (n-- > 0) {
		for (i = 0; i < sizeof(bytes); i++)
			bytes[i] = (char)pick(soak, 256);
		if (send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) < 0)
			break;
	}
	close(fd);
	soak->vandals++;
}

/* Carrying bytes. */

static void
send_some(struct client *client)
{
	const char *bytes;
	size_t size;
	ssize_t n;

	bytes = evtask_ctl_client_output(client->ctl, &size);
	if (bytes == NULL)
		return;
	if (client->in_pieces && size > 9)
		size = 9;
	n = send(client->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		evtask_ctl_client_sent(client->ctl, (size_t)n);
	else if (errno != EAGAIN)
		complain(client->soak, "cannot send", NULL);
}

/* The end has come when it was asked for, and after every answer. */
static void
end(struct client *client)
{
	struct soak *soak = client->soak;

	if (client->phase != LEAVING ||
	    evtask_ctl_client_pending(client->ctl) > 0)
		complain(soak, "closed with requests unanswered", NULL);
	soak->left++;
	go(client);
}

static void
read_some(struct client *client)
{
	char bytes[16384];
	ssize_t n = recv(client->fd, bytes, client->in_pieces ? 7
	    : sizeof(bytes), MSG_DONTWAIT);

	if (n > 0 && evtask_ctl_client_input(client->ctl, bytes,
	    (size_t)n) < 0)
		complain(client->soak, "not the protocol", NULL);
	else if (n == 0 || (n < 0 && errno != EAGAIN))
		end(client);
}

/* What a client does in a turn. */
static void
act(struct client *client)
{
	struct soak *soak = client->soak;
	unsigned whim = pick(soak, 1000);

	if (client->phase == SERVING && client->left > 0 && whim < 400 &&
	    evtask_ctl_client_pending(client->ctl) < 200) {
		ask_something(client);
		client->left--;
	} else if (whim < 405 && client->phase == SERVING && !soak->ending) {
		vanish(client);
		return;
	} else if (whim < 410 && client->phase == SERVING && !soak->ending) {
		client->reads_again_us = soak->now_us +
		    (int64_t)pick(soak, LATE_US);
	} else if (client->phase == SERVING && client->left == 0) {
		say_goodbye(client);
	}
	if (evtask_ctl_client_pending(client->ctl) > 0 &&
	    soak->now_us - client->last_us > SILENCE_US) {
		complain(soak, "unanswered for a minute", NULL);
		vanish(client);
	}
}

static void
turn(struct soak *soak)
{
	struct pollfd polls[CLIENTS];
	struct client *client;
	int i;

	for (i = 0; i < CLIENTS; i++) {
		client = &soak->clients[i];
		if (client->phase == ABSENT && !soak->ending &&
		    pick(soak, 20) == 0)
			come(soak, client);
		if (client->phase != ABSENT)
			act(client);
		polls[i] = (struct pollfd){ .fd = -1 };
		if (client->phase == ABSENT)
			continue;
		polls[i].fd = client->fd;
		if (soak->now_us >= client->reads_again_us)
			polls[i].events = POLLIN;
		if (has_output(client))
			polls[i].events |= POLLOUT;
		if (polls[i].events == 0)
			polls[i].fd = -1; /* POLLHUP can wait, too */
	}
	poll(polls, CLIENTS, TURN_MS);
	soak->now_us = clock_us();
	for (i = 0; i < CLIENTS; i++) {
		client = &soak->clients[i];
		if (polls[i].revents & POLLOUT)
			send_some(client);
		if (polls[i].revents & (POLLIN | POLLHUP | POLLERR))
			read_some(client);
	}
	if (!soak->ending && pick(soak, 100) == 0)
		vandalize(soak);
}

static bool
anybody_there(const struct soak *soak)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		if (soak->clients[i].phase != ABSENT)
			return true;
	return false;
}

/* Everybody has gone: the server has no trace of them. Tasks end in time. */
static void
check_stats(struct soak *soak)
{
	struct json_object *stats = NULL, *tasks;
	int64_t until = clock_us() + SILENCE_US;
	bool clean = false;

	while (!clean && clock_us() < until) {
		json_object_put(stats);
		stats = NULL;
		if (evtask_ctl_call(soak->path, "daemon.stats", NULL,
		    SILENCE_US, &stats, NULL) < 0)
			break;
		tasks = evtask_ctl_get(stats, "tasks");
		clean = evtask_ctl_get_int(tasks, "live", -1) == 0 &&
		    evtask_ctl_get_int(stats, "clients", -1) == 1 &&
		    evtask_ctl_get_int(stats, "deferred", -1) == 0 &&
		    evtask_ctl_get_int(stats, "subscriptions", -1) == 0;
		poll(NULL, 0, TURN_MS);
	}
	if (!clean)
		complain(soak, "something is left", stats);
	json_object_put(stats);
}

int
main(int argc, char **argv)
{
	struct soak soak = { .path = argv[1] };
	int64_t until;
	int i;

	if (argc < 3)
		return 2;
	soak.now_us = clock_us();
	until = soak.now_us + atoll(argv[2]) * 1000000;
	soak.random = argc > 3 ? strtoull(argv[3], NULL, 10)
	    : (uint64_t)soak.now_us;
	printf("seed %llu\n", (unsigned long long)soak.random);
	soak.random |= 1;
	while (!soak.failed && soak.now_us < until)
		turn(&soak);
	soak.ending = true;
	for (i = 0; i < CLIENTS; i++) {
		soak.clients[i].left = 0;
		soak.clients[i].in_pieces = false;
		soak.clients[i].reads_again_us = 0;
	}
	while (!soak.failed && anybody_there(&soak))
		turn(&soak);
	if (!soak.failed)
		check_stats(&soak);
	printf("%llu requests, %llu answers (%llu refusals), %llu events, "
	    "%llu goodbyes, %llu killed, %llu vandals, %lld tasks\n",
	    (unsigned long long)soak.asked, (unsigned long long)soak.answered,
	    (unsigned long long)soak.refused,
	    (unsigned long long)soak.notices, (unsigned long long)soak.left,
	    (unsigned long long)soak.killed, (unsigned long long)soak.vandals,
	    (long long)soak.last_task);
	if (soak.asked != soak.answered)
		complain(&soak, "replies were lost", NULL);
	return soak.failed;
}
