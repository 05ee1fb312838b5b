/*
 * news.c - the ends of tasks, told at the prompt.
 *
 *	an end --> was it told by a verb? --> was it promised? --> is it one
 *	of the first of a burst? --> told; or counted, and the number is told
 *
 * While a verb runs they are held: whether the verb tells one itself shows when
 * it ends. Of a burst only the first are told one by one, so that a busy server
 * does not take the screen from who is typing; what a person was promised to
 * hear of is told whatever happens.
 */
#include "news.h"

#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <fnmatch.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "counts.h"
#include "names.h"
#include "notice.h"
#include "picture.h"
#include "text.h"

#define BURST 5            /* ends of tasks told one by one ... */
#define BURST_US 1000000   /* ... within so long */

/* The number of those that were not told, when the burst is over. */
static int
tell_rest(void *arg)
{
	struct news *news = arg;
	int r = evtask_sleep(BURST_US), n;

	if (r == 0)
		r = counts_take(news->counts);
	n = news->untold;
	news->untold = 0;
	if (r == 0 && n > 0)
		notice(news->notices, "* and %d more tasks ended", n);
	return r;
}

static void
sum_up(struct news *news)
{
	if (news->summary != NULL && !evtask_done(news->summary))
		return;
	evtask_unref(news->summary);
	news->summary = NULL;
	evtask_create(tell_rest, news, NULL, &news->summary);
}

/* Whether one more end is to be told by itself. */
static bool
may_tell(struct news *news)
{
	int64_t now_us = evtask_loop_time_us(evtask_get_running_loop());

	if (now_us - news->burst_us > BURST_US) {
		news->burst_us = now_us;
		news->told = 0;
	}
	if (news->told++ < BURST)
		return true;
	news->untold++;
	sum_up(news);
	return false;
}

/* Whether a verb has told the end of that task; it counts for one event. */
static bool
was_told(struct news *news, int64_t id)
{
	struct json_object *told = news->cli->told;
	char key[24];

	snprintf(key, sizeof(key), "%lld", (long long)id);
	if (!json_object_object_get_ex(told, key, NULL))
		return false;
	json_object_object_del(told, key);
	return true;
}

/* Whether somebody was promised to hear of it. */
static bool
is_promised(struct news *news, int64_t id)
{
	char key[24];

	snprintf(key, sizeof(key), "%lld", (long long)id);
	if (!json_object_object_get_ex(news->promised, key, NULL))
		return false;
	json_object_object_del(news->promised, key);
	return true;
}

/* Whether the word, as a person writes it, means the task. */
static bool
is_meant(struct news *news, const char *word, struct json_object *task)
{
	const char *name = evtask_ctl_get_text(task, "name", "");
	int64_t id = 0;

	switch (names_look(word, &id)) {
	case NAME_ID:
		return evtask_ctl_get_int(task, "id", -1) == id;
	case NAME_LAST:
		return evtask_ctl_get_int(task, "id", -1) == news->cli->last;
	case NAME_GLOB:
		return fnmatch(word, name, 0) == 0;
	case NAME_PLAIN:
		return strncmp(name, word, strlen(word)) == 0;
	}
	return false;
}

void
news_promise(struct news *news, struct json_object *words)
{
	if (news->promised == NULL)
		news->promised = json_object_new_object();
	json_object_object_foreach(news->picture->tasks, key, task) {
		if (strcmp(evtask_ctl_get_text(task, "state", ""),
		    "done") == 0)
			continue;
		for (size_t i = 0; i < json_object_array_length(words); i++)
			if (is_meant(news, json_object_get_string(
			    json_object_array_get_idx(words, i)), task))
				evtask_ctl_put_bool(&news->promised, key,
				    true);
	}
}

static bool
is_to_be_told(struct news *news, struct json_object *event)
{
	int64_t id = evtask_ctl_get_int(event, "task", 0);

	return !was_told(news, id) && (is_promised(news, id) ||
	    may_tell(news));
}

/* "* nap (42) returned after 3s", "* build (5) returned (exit 2) after 1m" */
static void
tell_end(struct news *news, struct json_object *event)
{
	int64_t id = evtask_ctl_get_int(event, "task", 0);
	struct json_object *task = picture_task(news->picture, id);
	int64_t ts_us = evtask_ctl_get_int(event, "ts_us", 0);
	struct json_object *data = evtask_ctl_get(event, "data");
	const char *ending = evtask_ctl_get_text(data, "ending", NULL);
	char age[TEXT_AGE_SIZE];

	notice(news->notices, "* %s (%lld) %s%s%s%s after %s",
	    evtask_ctl_get_text(task, "name", "task"), (long long)id,
	    evtask_ctl_get_text(data, "outcome", "ended"),
	    ending != NULL ? " (" : "", ending != NULL ? ending : "",
	    ending != NULL ? ")" : "", text_age(ts_us -
	    evtask_ctl_get_int(task, "created_us", ts_us), age));
}

/* No event is to come of a task that is known to be done. */
static void
forget_told(struct news *news)
{
	struct json_object *told = news->cli->told, *task;

	if (told == NULL)
		return;
	news->cli->told = NULL;
	json_object_object_foreach(told, key, value) {
		(void)value;
		task = picture_task(news->picture, strtoll(key, NULL, 10));
		if (strcmp(evtask_ctl_get_text(task, "state", ""),
		    "done") != 0)
			cli_tell_end(news->cli, strtoll(key, NULL, 10));
	}
	json_object_put(told);
}

/* What a verb tells is told once, and whether it does shows when it ends. */
void
news_end(struct news *news, struct json_object *event)
{
	if (!news->notices->held) {
		if (is_to_be_told(news, event) &&
		    counts_take(news->counts) == 0)
			tell_end(news, event);
		return;
	}
	if (news->held == NULL)
		news->held = json_object_new_array();
	evtask_ctl_append(&news->held, json_object_get(event));
}

void
news_catch_up(struct news *news)
{
	struct json_object *held = news->held;

	news->held = NULL;
	for (size_t i = 0; held != NULL &&
	    i < json_object_array_length(held); i++)
		if (is_to_be_told(news, json_object_array_get_idx(held, i)))
			tell_end(news, json_object_array_get_idx(held, i));
	json_object_put(held);
	forget_told(news);
}

void
news_begin(struct news *news)
{
	json_object_put(news->cli->told);
	news->cli->told = NULL;
}

int
news_release(struct news *news)
{
	int r = 0;

	if (news->summary != NULL) {
		evtask_cancel(news->summary, NULL);
		r = evtask_await(news->summary);
		evtask_unref(news->summary);
	}
	json_object_put(news->held);
	json_object_put(news->promised);
	return r;
}
