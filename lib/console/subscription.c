/*
 * subscription.c - a client's wish to be told.
 *
 * A subscription is a cursor and a filter; it owns no events. JSON is made
 * when the session has room for it, from the ring, or of a followed log from
 * that log, which keeps lines longer than the ring keeps their events. Either
 * may have lost what the reader was too slow to take, and then the reader is
 * told how much, before anything else; unless it has asked that the task waits
 * for it (pace.c).
 *
 * A snapshot is told a task at a time, in the order of ids, with the events
 * between: when the cursor has come to the end of the ring, the next task is
 * told as it is, and from then on its events are sent. An event of a task that
 * is still to be told is passed over, because that task will be told as it is
 * after the event. So nothing is missed and nothing repeated, whatever happens
 * meanwhile and however long it takes, and nothing has to be remembered but
 * how far it has come.
 */
#include "subscription.h"
#include <evtask/ctl_message.h>
#include <event2/event.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"
#include "feed.h"
#include "notice.h"
#include "job.h"
#include "observe.h"
#include "settle.h"

#define PASSED_MAX 10000 /* tasks of others, in a turn of a snapshot */

struct subscription *
subscription_new(struct session *session)
{
	struct sessions *sessions = &session->console->sessions;
	struct subscription *sub = calloc(1, sizeof(*sub));

	if (sub == NULL)
		return NULL;
	sub->session = session;
	sub->told = UINT64_MAX;
	sub->id = ++sessions->last_sub;
	TAILQ_INSERT_TAIL(&session->subscriptions, sub, link);
	if (session->n_subscriptions++ == 0)
		TAILQ_INSERT_TAIL(&sessions->subscribers, session,
		    subscriber_link);
	sessions->subscriptions++;
	return sub;
}

void
subscription_follow(struct subscription *sub, struct record *record,
    uint32_t streams, uint64_t line, bool pace)
{
	struct evtask_console *console = sub->session->console;
	const struct job_log_line *next = record->job != NULL
	    ? job_log_line(&record->job->log, line) : NULL;

	sub->follow = record_ref(record);
	sub->streams = streams;
	sub->line = line;
	sub->line_seq = next != NULL ? next->seq - 1 : console->ring.seq;
	if (pace && record->job != NULL)
		pacer_start(&sub->pacer, record->job, line);
	settle_soon(console);
}

void
subscription_free(struct subscription *sub)
{
	struct session *session = sub->session;
	struct evtask_console *console = session->console;

	TAILQ_REMOVE(&session->subscriptions, sub, link);
	if (--session->n_subscriptions == 0)
		TAILQ_REMOVE(&console->sessions.subscribers, session,
		    subscriber_link);
	console->sessions.subscriptions--;
	if ((sub->types & (1U << EVENT_WAITING)) != 0 &&
	    --console->waiting_subs == 0)
		(void)observe_update(console);
	walk_end(&sub->walk);
	pacer_stop(&sub->pacer);
	record_unref(sub->follow);
	free(sub->tasks);
	free(sub);
}

void
subscription_free_all(struct session *session)
{
	struct subscription *sub;

	while ((sub = TAILQ_FIRST(&session->subscriptions)) != NULL)
		subscription_free(sub);
}

struct subscription *
subscription_find(const struct session *session, uint64_t id)
{
	struct subscription *sub;

	TAILQ_FOREACH(sub, &session->subscriptions, link)
		if (sub->id == id)
			return sub;
	return NULL;
}

static void
send_one(struct subscription *sub, struct json_object *params)
{
	session_notify(sub->session, "event", params);
	sub->sent++;
	sub->session->console->metrics.sent++;
}

static void
send_line(struct subscription *sub, uint64_t task,
    const struct job_log_line *line)
{
	struct evtask_console *console = sub->session->console;

	write_line_event(console->writer, console, sub->id, task, line);
	session_send_written(sub->session);
	sub->sent++;
	console->metrics.sent++;
}

static void
send_lag(struct subscription *sub, uint64_t dropped,
    const struct ring_gap *gap)
{
	session_notify(sub->session, "event.lag",
	    notice_of_lag(sub->id, dropped, gap));
	sub->dropped += dropped;
	sub->session->console->metrics.dropped += dropped;
}

static void
end(struct subscription *sub, const char *reason)
{
	session_notify(sub->session, "event.end",
	    notice_of_end(sub->id, reason));
	subscription_free(sub);
}

void
subscription_end_all(struct session *session, const char *reason)
{
	struct subscription *sub;

	while ((sub = TAILQ_FIRST(&session->subscriptions)) != NULL)
		end(sub, reason);
}

static int
compare_ids(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
names_task(const struct subscription *sub, uint64_t task)
{
	return sub->tasks == NULL || bsearch(&task, sub->tasks, sub->n_tasks,
	    sizeof(task), compare_ids) != NULL;
}

static bool
wants(const struct subscription *sub, const struct ring_record *record)
{
	return (sub->types & (1U << record->type)) != 0 &&
	    record->task <= sub->told && names_task(sub, record->task);
}

static void
tell_lag(struct subscription *sub, const struct ring_gap *gap)
{
	send_lag(sub, gap->to_seq - gap->from_seq + 1, gap);
}

/* The lines that a record stands for, of which the log may keep only some. */
static void
send_lines(struct subscription *sub, const struct ring_record *record)
{
	const struct evtask_console *console = sub->session->console;
	const struct record *task = registry_find(&console->registry,
	    record->task);
	const struct job_log *log = task != NULL && task->job != NULL
	    ? &task->job->log : NULL;
	uint64_t end = record->seq + record->count, first = end;
	struct ring_gap gap = { sub->cursor.seq, end - 1 };

	if (log != NULL && log->first < (uint64_t)record->number +
	    record->count)
		first = log->first > (uint64_t)record->number
		    ? record->seq + (log->first - (uint64_t)record->number)
		    : record->seq;
	if (sub->cursor.seq < first) {
		gap.to_seq = first - 1;
		tell_lag(sub, &gap);
		sub->cursor.seq = first;
	}
	while (sub->cursor.seq < end && feed_has_room(sub->session)) {
		send_line(sub, record->task, job_log_line(log,
		    (uint64_t)record->number +
		    (sub->cursor.seq - record->seq)));
		sub->cursor.seq++;
	}
	if (sub->cursor.seq == end)
		sub->cursor.position++;
}

static void
send_event(struct subscription *sub, const struct ring_record *record)
{
	if (!wants(sub, record)) {
		ring_skip(&sub->cursor, record);
	} else if (record->type == EVENT_LOG) {
		send_lines(sub, record);
	} else {
		send_one(sub, notice_of_record(sub->session->console, sub->id,
		    record));
		ring_skip(&sub->cursor, record);
	}
}

/* All its tasks are forgotten, and that has been told: nothing can come. */
static bool
is_over(struct subscription *sub)
{
	const struct registry *registry =
	    &sub->session->console->registry;
	size_t i;

	if (sub->tasks == NULL || !sub->recount)
		return false;
	sub->recount = false;
	for (i = 0; i < sub->n_tasks; i++)
		if (registry_find(registry, sub->tasks[i]) != NULL)
			return false;
	return true;
}

void
subscription_snapshot(struct subscription *sub)
{
	struct evtask_console *console = sub->session->console;

	walk_end(&sub->walk);
	walk_begin(&sub->walk, &console->registry, false, 0);
	sub->cursor = ring_after(&console->ring, console->ring.seq);
	sub->telling = true;
	sub->told = sub->n_told = 0;
}

/* The next of its tasks that is not told; NULL: all are. Tasks that are not
 * its own are passed over, but not too many at a time. */
static const struct record *
next_to_tell(struct subscription *sub)
{
	struct record *record;
	int n;

	for (n = 0; n < PASSED_MAX; n++) {
		record = walk_next(&sub->walk);
		if (record == NULL)
			sub->telling = false;
		if (record == NULL || names_task(sub, record->id))
			return record;
		sub->told = record->id;
	}
	return NULL;
}

/* Tells one task, or that all are told. False: not in this turn. */
static bool
tell_next(struct subscription *sub)
{
	const struct evtask_console *console = sub->session->console;
	const struct record *record = next_to_tell(sub);

	if (record != NULL) {
		session_notify(sub->session, "event.snapshot",
		    notice_of_snapshot(console, sub->id, record,
		    sub->members));
		sub->told = record->id;
		sub->n_told++;
		return true;
	}
	if (sub->telling)
		return false;
	walk_end(&sub->walk);
	sub->told = UINT64_MAX;
	session_notify(sub->session, "event.synced", notice_of_synced(console,
	    sub->id, sub->n_told));
	return true;
}

/* Events are missing. False: and that was the end of it. */
static bool
on_gap(struct subscription *sub, const struct ring_gap *gap)
{
	tell_lag(sub, gap);
	sub->recount = true;
	switch (sub->on_lag) {
	case ON_LAG_CONTINUE:
		break;
	case ON_LAG_SNAPSHOT:
		subscription_snapshot(sub);
		break;
	case ON_LAG_END:
		end(sub, "lag");
		return false;
	}
	return true;
}

static void
pump_events(struct subscription *sub)
{
	const struct ring *ring = &sub->session->console->ring;
	const struct ring_record *record;
	struct ring_gap gap;

	while (feed_has_time(sub->session)) {
		if (ring_lost(ring, &sub->cursor, &gap)) {
			if (!on_gap(sub, &gap))
				return;
			continue;
		}
		record = ring_at(ring, &sub->cursor);
		if (record == NULL && sub->telling) {
			if (tell_next(sub))
				continue;
			return;
		}
		if (record == NULL) {
			if (is_over(sub))
				end(sub, "forgotten");
			return;
		}
		if (record->type == EVENT_FORGOTTEN)
			sub->recount = true;
		send_event(sub, record);
	}
}

static void
tell_lines_lost(struct subscription *sub, const struct job_log *log)
{
	const struct job_log_line *line = job_log_line(log, log->first);
	struct ring_gap gap = { sub->line_seq + 1, line != NULL
	    ? line->seq - 1 : sub->session->console->ring.seq };

	send_lag(sub, log->first - sub->line, &gap);
	sub->line = log->first;
}

static void
follow_log(struct subscription *sub, const struct job_log *log)
{
	const struct job_log_line *line;

	while (feed_has_time(sub->session)) {
		if (sub->line < log->first)
			tell_lines_lost(sub, log);
		line = job_log_line(log, sub->line);
		if (line == NULL)
			return;
		sub->line++;
		sub->line_seq = line->seq;
		if ((sub->streams & (1U << line->stream)) != 0)
			send_line(sub, sub->follow->id, line);
	}
}

static void
pump_log(struct subscription *sub)
{
	const struct record *record = sub->follow;
	const struct job_log *log = record->job != NULL ? &record->job->log
	    : NULL;

	if (log != NULL)
		follow_log(sub, log);
	pacer_move(&sub->pacer, sub->line);
	if (record->done && feed_has_room(sub->session) &&
	    (log == NULL || sub->line >= log->next))
		end(sub, "done");
}

void
subscription_tell(struct subscription *sub)
{
	if (sub->follow != NULL)
		pump_log(sub);
	else
		pump_events(sub);
}

uint64_t
subscription_behind(const struct subscription *sub)
{
	const struct ring *ring = &sub->session->console->ring;

	if (sub->follow == NULL)
		return ring->seq + 1 - sub->cursor.seq;
	return sub->follow->job != NULL ? sub->follow->job->log.next -
	    sub->line : 0;
}
