/*
 * Several clients at once, whose every step the bytes choose: they send a
 * request (compose.c) or half a line, stop reading, go away, come back; time
 * passes.
 *
 * What has to hold: the answers are as the schema says (stage.c), and who
 * stays and reads gets one for every request, and not two.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/fuzz/compose.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stage.h"

#define ACTORS 4
#define REQUESTS_MAX 512 /* of one connection, and then it sends no more */
#define STEPS_MAX 2000
#define QUIET_TURNS 8

struct actor {
	int fd;             /* -1: not connected */
	bool deaf;          /* does not read now */
	bool wild;          /* has sent what is no request: not counted */
	bool half_closed;
	struct text unsent;
	struct stage_output output;
	/* The method of each request, by its id; NULL: answered. */
	const struct evtask_ctl_method *asked[REQUESTS_MAX];
	size_t n_asked, n_answered;
	size_t n_silent;    /* sent without an id: answered when refused */
};

static uint64_t said; /* to all of them */

struct play {
	struct stage *stage;
	struct choices choices;
	struct actor actors[ACTORS];
};

/* A request with the next id; or, where that may be, without one. */
static void
ask(struct play *play, struct actor *actor)
{
	const struct evtask_ctl_method *m = compose_method(&play->choices);
	bool silent = m->notify && choose(&play->choices, 4) == 3;
	int64_t id = -1;

	if (actor->n_asked == REQUESTS_MAX || actor->half_closed)
		return;
	if (silent) {
		actor->n_silent++;
	} else {
		id = (int64_t)actor->n_asked;
		actor->asked[actor->n_asked++] = m;
	}
	compose_request(&play->choices, &actor->unsent, m, id);
}

/* Bytes as they are. */
static void
babble(struct play *play, struct actor *actor)
{
	unsigned n = 1 + choose(&play->choices, 32);
	char byte;

	actor->wild = true;
	while (n-- > 0) {
		byte = (char)choose(&play->choices, 256);
		text_add(&actor->unsent, &byte, 1);
	}
}

/* A request of each actor, or what became of it. */

/* An answer that no request waits for: was something sent to be refused? */
static void
take_refusal(struct actor *actor, struct json_object *id,
    struct json_object *error)
{
	if (actor->wild)
		return;
	if (id == NULL && error != NULL && actor->n_silent > 0) {
		actor->n_silent--;
		return;
	}
	fprintf(stderr, "an answer nobody waits for: %s %s\n",
	    json_object_to_json_string(id),
	    json_object_to_json_string(error));
	abort();
}

static void
take_reply(struct json_object *id, struct json_object *result,
    struct json_object *error, void *arg)
{
	struct actor *actor = arg;
	size_t n = (size_t)json_object_get_int64(id);

	if (!json_object_is_type(id, json_type_int) || n >= actor->n_asked ||
	    actor->asked[n] == NULL) {
		take_refusal(actor, id, error);
		return;
	}
	if (result != NULL)
		stage_check_result(actor->asked[n], result);
	actor->asked[n] = NULL;
	actor->n_answered++;
}

static void
forget_actor(struct actor *actor)
{
	if (actor->fd >= 0)
		close(actor->fd);
	said += actor->output.sum;
	text_release(&actor->unsent);
	stage_output_release(&actor->output);
	memset(actor, 0, sizeof(*actor));
	actor->fd = -1;
}

static void
send_some(struct actor *actor, size_t size)
{
	ssize_t n;

	if (actor->unsent.size == 0)
		return;
	if (actor->half_closed) {
		text_clear(&actor->unsent);
		return;
	}
	if (size > actor->unsent.size)
		size = actor->unsent.size;
	n = send(actor->fd, actor->unsent.bytes, size,
	    MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		text_drop(&actor->unsent, (size_t)n);
	else if (n < 0 && errno != EAGAIN)
		actor->output.ended = true;
}

static bool
read_all(struct actor *actor)
{
	bool any = false;

	while (stage_read(actor->fd, SIZE_MAX, &actor->output, take_reply,
	    actor) > 0)
		any = true;
	return any;
}

/* The steps. */

static const int64_t spans_us[] = {
	1, 1000, 100000, 1000000, 29000000, 31000000, 3600000000, 86400000000,
};

static void
step(struct play *play)
{
	struct choices *choices = &play->choices;
	unsigned what = choose(choices, 16);
	struct actor *actor = &play->actors[choose(choices, ACTORS)];

	if (actor->fd < 0)
		actor->fd = stage_connect(play->stage, what == 0
		    ? EVTASK_CTL_OPERATOR : EVTASK_CTL_ADMIN);
	switch (what) {
	case 8:
		stage_advance(play->stage, spans_us[choose(choices,
		    COUNT(spans_us))]);
		break;
	case 9:
		actor->deaf = !actor->deaf;
		break;
	case 10:
		send_some(actor, SIZE_MAX);
		shutdown(actor->fd, SHUT_WR);
		actor->half_closed = true;
		actor->wild |= actor->unsent.size > 0;
		break;
	case 11:
		forget_actor(actor);
		break;
	case 12:
		stage_read(actor->fd, 1 + choose(choices, 256),
		    &actor->output, take_reply, actor);
		break;
	case 13:
		babble(play, actor);
		break;
	case 14:
		ask(play, actor);
		send_some(actor, 1 + choose(choices, 64));
		break;
	default:
		ask(play, actor);
		send_some(actor, SIZE_MAX);
		break;
	}
	stage_turn(play->stage);
	if (actor->fd >= 0 && !actor->deaf)
		read_all(actor);
}

/* Everybody says the rest and reads, until it is quiet, and no answer is in the
 * making. */
static void
finish(struct play *play)
{
	struct actor *actor;
	int quiet, i;

	for (quiet = 0; quiet < QUIET_TURNS; quiet++) {
		stage_turn(play->stage);
		if (!TAILQ_EMPTY(&play->stage->console->slices.list))
			quiet = 0;
		for (i = 0; i < ACTORS; i++) {
			actor = &play->actors[i];
			if (actor->fd < 0)
				continue;
			if (actor->unsent.size > 0 && !actor->output.ended)
				quiet = 0;
			send_some(actor, SIZE_MAX);
			if (read_all(actor))
				quiet = 0;
		}
	}
}

/* Closed for not reading, it may have lost something; else not. */
static void
check_answers(const struct play *play, const struct actor *actor,
    uint64_t stalled)
{
	if (actor->wild || actor->unsent.size > 0 || stalled > 0)
		return;
	if (actor->n_answered == actor->n_asked)
		return;
	fprintf(stderr, "%zu requests, %zu answers\n", actor->n_asked,
	    actor->n_answered);
	abort();
}

uint64_t
fuzz_said(void)
{
	return said;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stage stage;
	struct play play = { .stage = &stage,
		.choices = { data, data + size } };
	int i, steps = 0;
	uint64_t stalled;

	said = 0;
	stage_open(&stage);
	for (i = 0; i < ACTORS; i++)
		play.actors[i].fd = -1;
	while (play.choices.at < play.choices.end && steps++ < STEPS_MAX)
		step(&play);
	finish(&play);
	stalled = stage.console->sessions.stalled;
	stage_stop(&stage);
	for (i = 0; i < ACTORS; i++) {
		if (play.actors[i].fd >= 0) {
			read_all(&play.actors[i]);
			check_answers(&play, &play.actors[i], stalled);
		}
		forget_actor(&play.actors[i]);
	}
	stage_close(&stage);
	return 0;
}
