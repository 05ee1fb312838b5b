/*
 * feed.h - which session's events are made, and when.
 */
#ifndef CONSOLE_FEED_H
#define CONSOLE_FEED_H

#include <stdbool.h>

struct evtask_console;
struct session;
struct sessions;

/* Whether one more event may be made for it: the socket will take it; and
 * there is time left of what all have in this turn. */
bool feed_has_room(const struct session *session);
bool feed_has_time(const struct session *session);

/* Makes events for the session as long as it can take them. Returns whether
 * there are more. */
bool feed_session(struct session *session);
/* Goes on with those whose events have had to wait. */
void feed_next(struct sessions *sessions);
/* Something has happened: all who have subscriptions may be told. */
void feed_all(struct evtask_console *console);

#endif
