/*
 * tty.h - evtask on a terminal of its own, against a daemon of its own. What
 * is asserted is the screen, as a person would see it. Nothing sleeps: each
 * step waits for the screen to show what it must.
 */
#ifndef TESTS_TTY_H
#define TESTS_TTY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "screen.h"

#define PATIENCE_MS 30000 /* with sanitizers, on a machine that is busy */

struct json_object;

extern char folder[];        /* of this test */
extern char socket_path[64];
extern pid_t daemon_pid, prompt_pid;
extern int tty;              /* the other end of the terminal */
extern bool no_home;         /* evtask is to have none */
extern struct screen screen;

/* Fixtures: a daemon, and a prompt that is connected to it. */
void set_up(void);
void tear_down(void);

void build_path(char path[512], const char *program);
/* The path of name, "a/b/c", below the folder; a and b are made. */
void home_path(char path[128], const char *name);
int64_t now_ms(void);
void start_daemon(void);
void kill_daemon(void);
/* A verb, or with NULL the prompt, on a terminal of that kind. */
void start_evtask(const char *term, int columns, const char *verb);
void start_prompt_of(const char *term, int columns);
void start_prompt(const char *term);
void end_prompt(void);

/* Reads what has been written; false when the terminal is gone or idle. */
bool read_some(int timeout_ms);
/* Wait until the screen has that text, or has it no more; the cursor's row is
 * that, and the cursor in that column, or behind it, or that hint behind it;
 * there is a prompt, whatever it counts. */
void expect(const char *text);
void expect_no(const char *text);
void expect_line(const char *text, int column);
void expect_typed(const char *text);
void expect_hint(const char *hint);
void expect_prompt(void);

/* Whether the cursor's row is that text now, whatever its prompt counts unless
 * the text does, and the column without those counts. */
bool row_is(const char *text, int *ret_column);
/* The row so many above the cursor's. */
const char *row_above(int n);

void type(const char *keys);
void press(char key);
/* Tab, until the prompt has heard of the task that it is to complete. */
void tab_until_at(const char *text, int column);
/* Types a line, enters it, and waits for the prompt below what it prints. */
void enter(const char *line);

/* Asks the daemon, beside the prompt. The result is to be put. */
struct json_object *ask(const char *method, const char *params);
/* A task that sleeps. */
void create(const char *name, const char *delay, bool wait);
/* So many of them: nap-1, nap-2 ... */
void crowd(int n);
/* Wait until the daemon counts one of those; or none. */
void await_whether(const char *what, bool any);
void await_count(const char *what);

#endif
