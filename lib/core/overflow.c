/*
 * overflow.c - a task that uses up its stack says who it was.
 *
 * The signal of a touched guard page is handled on another stack, as there is
 * nothing left of the task's own. The handler finds the running task by the
 * thread's one word of state, writes a line put together by hand, since almost
 * nothing may be called there, and takes itself off: the instruction faults
 * once more and the program ends where it would have.
 */
#include <evtask/overflow.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/alternate.h"
#include "core/life.h"
#include "core/task.h"

enum { LINE_MAX_BYTES = 512 };

static _Thread_local bool watched;	/* this thread's tasks are */

struct line {
	char text[LINE_MAX_BYTES];
	size_t length;
};

static void
add(struct line *line, const char *text)
{
	while (*text != '\0' && line->length < sizeof line->text)
		line->text[line->length++] = *text++;
}

static void
add_number(struct line *line, uint64_t number)
{
	char digits[24], *p = digits + sizeof digits;

	*--p = '\0';
	do {
		*--p = (char)('0' + number % 10);
	} while ((number /= 10) > 0);
	add(line, p);
}

static void
describe(struct line *line, const struct evtask *task)
{
	const struct evtask_site *site = life_created_at(task);
	const char *name = task_extra(task)->name;

	add(line, "evtask: task ");
	add(line, name != NULL ? name : "Task-");
	if (name == NULL)
		add_number(line, task->id);
	add(line, " (id ");
	add_number(line, task->id);
	add(line, ") overflowed its stack of ");
	add_number(line, (task_stack(task)->size + 1023) / 1024);
	add(line, " KiB");
	if (site != NULL) {
		add(line, "; it was created at ");
		add(line, site->file);
		add(line, ":");
		add_number(line, site->line);
		add(line, " (");
		add(line, site->func);
		add(line, ")");
	}
	add(line, "\n");
}

static bool
is_guard_of(const struct evtask *task, const char *address)
{
	const struct stack *stack = task_stack(task);

	return address < stack->base &&
	    address >= stack->base - current.loop->stacks.page;
}

static void
on_fault(int signal_number, siginfo_t *info, void *context)
{
	const struct evtask *task = current.task;
	struct line line = { .length = 0 };

	(void)context;
	if (task != NULL && is_guard_of(task, info->si_addr)) {
		describe(&line, task);
		(void)!write(STDERR_FILENO, line.text, line.length);
	}
	(void)sigaction(signal_number,
	    &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
}

/* Handles SIGSEGV, if nobody else does. */
static int
handle_faults(void)
{
	struct sigaction old, new = {
		.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK,
	};

	if (sigaction(SIGSEGV, NULL, &old) < 0)
		return -errno;
	if ((old.sa_flags & SA_SIGINFO) != 0)
		return old.sa_sigaction == on_fault ? 0 : -EBUSY;
	if (old.sa_handler != SIG_DFL)
		return -EBUSY;
	sigemptyset(&new.sa_mask);
	return sigaction(SIGSEGV, &new, NULL) < 0 ? -errno : 0;
}

int
evtask_watch_overflows(void)
{
	int r;

	if (watched)
		return -EALREADY;
	r = alternate_get();
	if (r < 0)
		return r;
	r = handle_faults();
	if (r < 0)
		alternate_put();
	else
		watched = true;
	return r;
}

/* The handler stays, for other threads; without a watched task in its thread
 * it does what the default does. */
void
evtask_unwatch_overflows(void)
{
	if (watched)
		alternate_put();
	watched = false;
}
