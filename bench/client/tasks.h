/* tasks.h - a client that has tasks done, and the rows about them. */
#ifndef BENCH_CLIENT_TASKS_H
#define BENCH_CLIENT_TASKS_H

#include <stdint.h>

/* Connects; `params` are those of its task.create. */
struct tasks *tasks_new(const char *params);

/* Keeps so many going for so long; how many were done. */
long tasks_run(struct tasks *tasks, long at_once, int64_t ns);

/* Tasks that end at once. */
extern const char tasks_that_end[];

/* n at a time: of such tasks, and of commands. */
void row_tasks(long n);
void row_exec(long n);

/* n commands, one at a time, with pauses in which the server sleeps. */
void row_exec_idle(long n);

/* How often the server wakes while n seconds pass in which nobody asks. */
void row_quiet(long n);

#endif
