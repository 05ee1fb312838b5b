/*
 * console_fixture.h - a console on a loop of virtual time, and clients of it,
 * all in one thread: what a client waits for makes the loop turn.
 */
#ifndef TESTS_CONSOLE_FIXTURE_H
#define TESTS_CONSOLE_FIXTURE_H

#include <evtask/console.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "lib/console/console.h"
#include "lib/console/job.h"
#include "tests/json.h"
#include "tests/suite.h"

extern struct evtask_loop *loop;
extern struct evtask_console *console;
extern char socket_path[108];

/* What the console's program was told. */
extern int shutdowns;
extern enum evtask_console_shutdown shutdown_mode;
extern int reports;
/* Whether daemon.stats is to hold what no line can. */
extern bool deep_stats;

/* Called before every test, and after: nothing must be left. options may be
 * NULL; the socket is in a directory of its own. */
void console_set_up(void);
void console_set_up_with(struct evtask_console_options *options);
void console_tear_down(void);
/* Ends the console before the loop. */
void console_stop_now(void);
/* A turn has no more time for events than it has elsewhere; in these tests all
 * that there are are told in one. */
void console_feed_sparingly(void);

/* Turns of the loop, in which time stands still. */
void turn(void);
void turns(int n);
/* Lets that much time pass. */
void advance(int64_t us);

/* A client at one end of a socket pair whose other end the console has. */
int client_new(void);
/* The same with a role of its own. */
int client_of_role(enum evtask_ctl_role role);
/* One that went through the socket. */
int client_connect(void);

void client_send(int fd, const char *text);
void client_send_bytes(int fd, const void *bytes, size_t size);
/* The next line, without its end, turning the loop until there is one; the
 * caller's to free(). NULL: the connection has ended. */
char *client_line(int fd);
/* Whether there is none, after some turns. */
bool client_is_silent(int fd);
bool client_is_ended(int fd);

/* A request and its answer, notifications passed over; to json_object_put(). */
struct json_object *ask(int fd, const char *method, const char *params);
/* Sends it, with that id, and waits for nothing. */
void ask_later(int fd, int id, const char *method, const char *params);
/* The next message. */
struct json_object *next(int fd);

/* The answer's member at a path such as "result.task.id"; "(none)". */
const char *member(struct json_object *message, const char *path);
/* ask(), and then that member; lives until the next question. */
const char *answer(int fd, const char *method, const char *params,
    const char *path);

/* A task of the program's own, which sleeps; borrowed. */
struct evtask *own_task(const char *name, int64_t delay_us);

/* What clients can create: echo, nap, fail, say, cat, stubborn, trap, deep. */
extern const struct evtask_coroutine fixture_rows[];
/* The body of "nap", which modules bring, too. */
int run_nap(void *arg);
/* What "deep" returns: no line can hold it. */
struct json_object *deep_value(void);

#endif
