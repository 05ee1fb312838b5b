/*
 * Several clients at once, whose every step the bytes choose: not what is
 * sent, but which method, which members it has, and of what kind their values
 * are - taken from the schema, so that most of it is nearly right. They stop
 * reading, send half a line, go away, come back; time passes.
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
#include "lib/ctl/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stage.h"

#define ACTORS 4
#define REQUESTS_MAX 512 /* of one connection, and then it sends no more */
#define STEPS_MAX 2000
#define LIST_ITEMS 3
#define QUIET_TURNS 8
#define TEXT_MAX 260 /* names have 128 bytes, cursors 256 */

/* The bytes that choose; when they are used up, zeros. */
struct choices {
	const uint8_t *at, *end;
};

static unsigned
choose(struct choices *choices, unsigned of)
{
	return choices->at < choices->end ? *choices->at++ % of : 0;
}

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

struct play {
	struct stage *stage;
	struct choices choices;
	struct actor actors[ACTORS];
};

/* Requests, made from the rows of the schema. */

static void make_members(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *fields, bool first);

static const char *const names[] = {
	"n", "m", "nap", "t1", "*", "n*", "[a", "\xc3\xa4", "", "\\u0000",
};
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Of another kind than a field wants, mostly. */
static const char *const strangers[] = {
	"null", "true", "1.5", "-1", "[]", "{}", "\"7\"", "[[1]]", "{\"a\":1}",
	"9007199254740992", "1e300", "\"\\ud834\\udd1e\"",
};

static const char *const args[] = {
	"{}", "{\"delay\":0}", "{\"delay\":\"1s\"}", "{\"delay\":1e9}",
	"{\"times\":2}", "{\"times\":20000}", "{\"times\":-1}",
	"{\"delay\":[{}]}",
};

static void
add_quoted(struct text *out, const char *string)
{
	text_add_string(out, "\"");
	text_add_string(out, string);
	text_add_string(out, "\"");
}

static void
add_int(struct text *out, int64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", (long long)n);
	text_add_string(out, digits);
}

/* So many bytes of text, or as many as there is patience for. */
static void
add_text_of(struct text *out, int64_t size)
{
	static const char zeros[] = "0000000000000000";

	text_add_string(out, "\"");
	if (size > TEXT_MAX)
		size = TEXT_MAX;
	for (; size >= 16; size -= 16)
		text_add(out, zeros, 16);
	text_add(out, zeros, size > 0 ? (size_t)size : 0);
	text_add_string(out, "\"");
}

/* At its bounds, and one beyond. */
static void
make_border(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	const int64_t border[] = { field->min, field->max, field->min - 1,
		field->max < INT64_MAX ? field->max + 1 : field->max };
	int64_t n = border[choose(choices, 4)];

	if (field->type == EVTASK_CTL_INT)
		add_int(out, n);
	else
		add_text_of(out, n);
}

static void
make_text(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	unsigned n = 0;

	if (field->values == NULL) {
		if (choose(choices, 3) == 0 && field->name != NULL &&
		    strcmp(field->name, "coroutine") == 0)
			add_quoted(out, "nap");
		else if (field->name != NULL &&
		    strcmp(field->name, "coroutine") == 0)
			add_quoted(out, stage_coroutines[
			    choose(choices, 5)]);
		else
			add_quoted(out, names[choose(choices, COUNT(names))]);
		return;
	}
	while (field->values[n] != NULL)
		n++;
	add_quoted(out, field->values[choose(choices, n)]);
}

static void
make_list(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field);

static void
make_value(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	unsigned kind = choose(choices, 16);

	if (kind == 15) {
		text_add_string(out, strangers[choose(choices,
		    COUNT(strangers))]);
		return;
	}
	if (kind == 14) {
		make_border(choices, out, field);
		return;
	}
	switch (field->type) {
	case EVTASK_CTL_BOOL:
		text_add_string(out, choose(choices, 2) ? "true" : "false");
		break;
	case EVTASK_CTL_INT:
		add_int(out, (int64_t)choose(choices, 256) *
		    (kind > 7 ? 100000 : 1));
		break;
	case EVTASK_CTL_TEXT:
		make_text(choices, out, field);
		break;
	case EVTASK_CTL_BASE64:
		add_quoted(out, kind > 7 ? "aGVsbG8K" : "aGk=");
		break;
	case EVTASK_CTL_TASK:
		if (kind > 7)
			add_quoted(out, names[choose(choices, COUNT(names))]);
		else
			add_int(out, 1 + choose(choices, 12));
		break;
	case EVTASK_CTL_ID:
		add_int(out, choose(choices, 64));
		break;
	case EVTASK_CTL_ARRAY:
		make_list(choices, out, field);
		break;
	case EVTASK_CTL_OBJECT:
		if (field->shape == NULL) {
			text_add_string(out, args[choose(choices,
			    COUNT(args))]);
			break;
		}
		text_add_string(out, "{");
		make_members(choices, out, field->shape->fields, true);
		text_add_string(out, "}");
		break;
	case EVTASK_CTL_ANY:
		text_add_string(out, strangers[choose(choices,
		    COUNT(strangers))]);
		break;
	}
}

static void
make_list(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	unsigned i, n = 1 + choose(choices, LIST_ITEMS);

	text_add_string(out, "[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			text_add_string(out, ",");
		make_value(choices, out, field->item);
	}
	text_add_string(out, "]");
}

/* Which members: those that must be there mostly are. */
static void
make_members(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *fields, bool first)
{
	const struct evtask_ctl_field *f;
	unsigned kind;

	for (f = fields; f->name != NULL; f++) {
		kind = choose(choices, 32);
		if (f->optional ? kind % 2 == 0 : kind == 31)
			continue;
		if (!first)
			text_add_string(out, ",");
		first = false;
		text_add_string(out, kind == 30 ? "\"no_" : "\"");
		text_add_string(out, f->name);
		text_add_string(out, "\":");
		make_value(choices, out, f);
	}
}

/* The answers of some are long and much the same every time: they are asked for
 * now and then, and rpc.discover, whose answer never changes, not at all. */
static const struct evtask_ctl_method *
choose_method(struct choices *choices)
{
	const struct evtask_ctl_method *methods = evtask_ctl_methods(), *m;
	unsigned n = 0;

	while (methods[n].name != NULL)
		n++;
	m = &methods[choose(choices, n)];
	if (strcmp(m->name, "rpc.discover") == 0 ||
	    (strcmp(m->name, "metrics.get") == 0 && choose(choices, 16) > 0))
		return methods;
	return m;
}

/* A request with the next id; or, where that may be, without one. */
static void
ask(struct play *play, struct actor *actor)
{
	const struct evtask_ctl_method *m = choose_method(&play->choices);
	bool silent = m->notify && choose(&play->choices, 4) == 3;
	struct text *out = &actor->unsent;

	if (actor->n_asked == REQUESTS_MAX || actor->half_closed)
		return;
	text_add_string(out, "{\"jsonrpc\":\"2.0\"");
	if (silent) {
		actor->n_silent++;
	} else {
		text_add_string(out, ",\"id\":");
		add_int(out, (int64_t)actor->n_asked);
		actor->asked[actor->n_asked++] = m;
	}
	text_add_string(out, ",\"method\":\"");
	text_add_string(out, m->name);
	text_add_string(out, "\",\"params\":{");
	make_members(&play->choices, out, m->params, true);
	text_add_string(out, "}}\n");
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

/* Everybody says the rest and reads, until it is quiet. */
static void
finish(struct play *play)
{
	struct actor *actor;
	int quiet, i;

	for (quiet = 0; quiet < QUIET_TURNS; quiet++) {
		stage_turn(play->stage);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stage stage;
	struct play play = { .stage = &stage,
		.choices = { data, data + size } };
	int i, steps = 0;
	uint64_t stalled;

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
