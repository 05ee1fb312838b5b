/*
 * feed.c - which session's events are made, and when.
 *
 * Events of one thing that happens are made for each who wants to know, which
 * may be many, and each of whom may have much to catch up with. All of them
 * together get twenty-five microseconds, and as many more when fifty have gone
 * by or the next turn has come, so that who asks meanwhile hardly waits longer
 * than without them; and answers that are to be sent are sent before. Whoever
 * is not served by then stands in a line for that turn.
 *
 * The subscriptions of a session take turns, too: one that has always more to
 * tell than there is room for does not keep the next one silent.
 */
#include "feed.h"
#include <event2/event.h>
#include <sys/time.h>
#include "console.h"
#include "subscription.h"

bool
feed_has_room(const struct session *session)
{
	return !session->broken && session->state != SESSION_CLOSED &&
	    session_pending_bytes(session) < SESSION_EVENTS_AHEAD;
}

bool
feed_has_time(const struct session *session)
{
	return feed_has_room(session) &&
	    clock_us() < session->console->sessions.feed_until_us;
}

/* Whether there is something that there was no room for. */
static bool
has_more(const struct session *session)
{
	const struct subscription *sub;

	TAILQ_FOREACH(sub, &session->subscriptions, link)
		if (sub->telling || subscription_behind(sub) > 0)
			return true;
	return false;
}

static void
stand_in_line(struct session *session)
{
	static const struct timeval now;
	struct sessions *sessions = &session->console->sessions;

	if (TAILQ_EMPTY(&sessions->starved) &&
	    event_add(sessions->feed, &now) < 0)
		event_active(sessions->feed, EV_TIMEOUT, 0);
	session->starved = true;
	TAILQ_INSERT_TAIL(&sessions->starved, session, starved_link);
}

/* Whether it is this session's turn, or some of the time is left. */
static bool
may_begin(struct session *session)
{
	struct sessions *sessions = &session->console->sessions;
	int64_t now_us = clock_us();

	if (session->starved)
		return false;
	if (now_us >= sessions->refill_us) {
		sessions->feed_us = sessions->feed_most_us;
		sessions->refill_us = now_us + 2 * sessions->feed_most_us;
	}
	if (sessions->feed_us > 0)
		return true;
	stand_in_line(session);
	return false;
}

/* Those whose ids lie there, in their order. */
static void
tell_between(struct session *session, uint64_t first, uint64_t last)
{
	struct subscription *sub, *next;

	for (sub = TAILQ_FIRST(&session->subscriptions); sub != NULL;
	    sub = next) {
		next = TAILQ_NEXT(sub, link);
		if (sub->id < first || sub->id > last ||
		    !feed_has_time(session))
			continue;
		session->fed = sub->id;
		subscription_tell(sub);
	}
}

static void
tell(struct session *session)
{
	uint64_t fed = session->fed;

	tell_between(session, fed + 1, UINT64_MAX);
	tell_between(session, 0, fed);
}

bool
feed_session(struct session *session)
{
	struct sessions *sessions = &session->console->sessions;
	int64_t began_us, ended_us;

	if (TAILQ_EMPTY(&session->subscriptions) || !may_begin(session))
		return false;
	began_us = clock_us();
	sessions->feed_until_us = began_us + sessions->feed_us;
	tell(session);
	ended_us = clock_us();
	sessions->feed_us -= ended_us - began_us;
	if (sessions->feed_us > 0)
		return has_more(session);
	sessions->refill_us = ended_us + 2 * sessions->feed_most_us;
	if (!feed_has_room(session))
		return has_more(session);
	stand_in_line(session);
	return false;
}

void
feed_next(struct sessions *sessions)
{
	static const struct timeval now;
	struct session *session;

	sessions->refill_us = 0;
	while ((session = TAILQ_FIRST(&sessions->starved)) != NULL) {
		TAILQ_REMOVE(&sessions->starved, session, starved_link);
		session->starved = false;
		session_flush(session);
		if (sessions->feed_us <= 0)
			break;
	}
	if (!TAILQ_EMPTY(&sessions->starved) &&
	    event_add(sessions->feed, &now) < 0)
		event_active(sessions->feed, EV_TIMEOUT, 0);
}

/* Its socket was full when it was last tried, and it is told when that is over;
 * so many who never read would else be tried for each thing that happens. */
static bool
is_full(const struct session *session)
{
	return session->writing && session_pending_bytes(session) > 0;
}

void
feed_all(struct evtask_console *console)
{
	struct session *session, *next;

	for (session = TAILQ_FIRST(&console->sessions.subscribers);
	    session != NULL; session = next) {
		next = TAILQ_NEXT(session, subscriber_link);
		if (!session->starved && !is_full(session))
			session_flush(session);
	}
}
