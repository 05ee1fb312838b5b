/*
 * past_view.c - tasks as they stood at a moment of a trace.
 *
 * The facts of a task are read in order, up to the moment: their sum is how it
 * stood then. Who had made whom is sorted by the maker, to be found from there.
 */
#include "past_view.h"

#include <errno.h>
#include <stdlib.h>

/* How a task stands once this has happened, too. */
static void
happen(struct past_task *task, const struct past_fact *fact)
{
	switch (fact->type) {
	case PAST_NAMED:
		task->name = fact->text;
		return; /* that says not that it is there */
	case PAST_CREATED:
		task->created = fact;
		break;
	case PAST_READY:
	case PAST_RUNS:
	case PAST_WAITS:
		task->has_run |= fact->type != PAST_READY;
		task->doing = fact;
		break;
	case PAST_CANCEL:
		task->cancel = fact;
		task->cancels++;
		break;
	case PAST_DONE:
		task->done = fact;
		break;
	}
	task->known = true;
}

static int
by_maker(const void *a, const void *b)
{
	const struct past_task *x = *(const struct past_task *const *)a;
	const struct past_task *y = *(const struct past_task *const *)b;

	if (x->created->other != y->created->other)
		return x->created->other < y->created->other ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static void
sort_made(struct past_view *view)
{
	const struct past_task *task;

	for (size_t i = 0; i < view->n; i++) {
		task = &view->tasks[i];
		if (task->created != NULL && task->created->other != 0)
			view->made[view->n_made++] = task;
	}
	qsort(view->made, view->n_made, sizeof(view->made[0]), by_maker);
}

int
past_look(struct past_view *view, const struct past *past, int64_t at_us)
{
	struct past_task task;
	size_t i = 0, n_tasks = 0;

	*view = (struct past_view){ .past = past, .at_us = at_us };
	for (; i < past->n; i++)
		n_tasks += i == 0 ||
		    past->facts[i].task != past->facts[i - 1].task;
	view->tasks = calloc(n_tasks + 1, sizeof(view->tasks[0]));
	view->made = calloc(n_tasks + 1, sizeof(view->made[0]));
	if (view->tasks == NULL || view->made == NULL) {
		past_view_release(view);
		return -ENOMEM;
	}
	for (i = 0; i < past->n;) {
		task = (struct past_task){ .id = past->facts[i].task };
		for (; i < past->n && past->facts[i].task == task.id; i++)
			if (past->facts[i].ts_us <= at_us)
				happen(&task, &past->facts[i]);
		if (task.known)
			view->tasks[view->n++] = task;
	}
	sort_made(view);
	return 0;
}

void
past_view_release(struct past_view *view)
{
	free(view->tasks);
	free(view->made);
	*view = (struct past_view){ .tasks = NULL };
}

static int
by_id(const void *key, const void *item)
{
	uint64_t id = *(const uint64_t *)key;
	const struct past_task *task = item;

	return (id > task->id) - (id < task->id);
}

const struct past_task *
past_find(const struct past_view *view, uint64_t id)
{
	return view->n == 0 ? NULL : bsearch(&id, view->tasks, view->n,
	    sizeof(view->tasks[0]), by_id);
}

size_t
past_first_made(const struct past_view *view, uint64_t id)
{
	size_t low = 0, high = view->n_made, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (view->made[middle]->created->other < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int64_t
past_now_us(const struct past_view *view)
{
	return view->past->from_us + view->at_us;
}
