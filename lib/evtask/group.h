/*
 * group.h - task groups: tasks that end where they were begun.
 *
 * Enter a group, create tasks in it, leave with what the body came to. Leaving
 * waits for all of them. When one fails the others are cancelled, and so is
 * the body; leaving then raises one error for all that went wrong, of type
 * "Group" (evtask_error_errors()). A task that ends cancelled is no failure.
 *
 *	struct evtask_group group;
 *	int r = evtask_group_enter(&group);
 *
 *	if (r < 0)
 *		return r;
 *	for (size_t i = 0; r == 0 && i < n; i++)
 *		r = evtask_group_create_task(&group, fetch, url[i], NULL, NULL);
 *	return evtask_group_exit(&group, r);
 */
#ifndef EVTASK_GROUP_H
#define EVTASK_GROUP_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller's memory, usually on the task's stack. Not to be looked into. */
struct evtask_group {
	uint64_t private_[16];
};

/* Opens a group; it is left by the task that entered it. Returns 0, or -EINVAL
 * (not in a task); then it must not be left. Does not suspend. */
EVTASK_API EVTASK_CHECKED int
evtask_group_enter_at(struct evtask_group *group,
    const struct evtask_site *site);
#define evtask_group_enter(group) evtask_group_enter_at((group), EVTASK_SITE)

/*
 * Waits for every task of the group and closes it. r is what the body came to;
 * when it is negative the tasks are cancelled. Returns
 *
 *	0		all went well, or was stopped by evtask_group_cancel()
 *	-ECANCELED	raised: the running task was cancelled, and nothing
 *			else went wrong
 *	other		raised: a group of the errors of the tasks, in the
 *			order in which they ended, and of the body; the code
 *			is that of the first. A cancellation that came too is
 *			delivered at the next wait.
 *	-EINVAL		not by the task that entered it
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_group_exit_at(struct evtask_group *group, int r,
    const struct evtask_site *site);
#define evtask_group_exit(group, r) \
	evtask_group_exit_at((group), (r), EVTASK_SITE)

/*
 * Creates a task in the group: as evtask_create(), from any task or callback
 * of its loop. -EPERM when the group is shutting down or was left; arg_free
 * is not called then.
 */
EVTASK_API int
evtask_group_create_task_at(struct evtask_group *group, evtask_fn fn,
    void *arg, const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site);
#define evtask_group_create_task(...) \
	evtask_group_create_task_at(__VA_ARGS__, EVTASK_SITE)

/*
 * Ends the group early and silently: its tasks and its body are cancelled, and
 * leaving returns 0 unless something else went wrong too. By anyone on the
 * loop, any number of times; no effect when the group was left.
 */
EVTASK_API void
evtask_group_cancel_at(struct evtask_group *group,
    const struct evtask_site *site);
#define evtask_group_cancel(group) \
	evtask_group_cancel_at((group), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
