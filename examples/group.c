/*
 * group.c - task groups: tasks that end where they were begun.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

/* A task of n hours, each of some turns of the loop. */
static int
toil(int n)
{
	int r = 0;

	for (int turn = 0; r == 0 && turn < 3 * n; turn++)
		r = evtask_sleep(0);
	return r;
}

static int
work(void *arg)
{
	int n = *(const int *)arg, r = toil(n);

	printf("work %d: %s\n", n, r == -ECANCELED ? "cancelled" : "done");
	return r;
}

static int
fail(void *arg)
{
	int n = *(const int *)arg, r = toil(n);

	return r < 0 ? r : evtask_raise(-EINVAL, "no work %d", n);
}

/* Three tasks in a group: when one fails, the others are cancelled. */
static int
together(evtask_fn second, int n[3])
{
	evtask_fn fn[] = { work, second, work };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_group_create_task(&group, fn[i], &n[i], NULL, NULL);
	puts("the group waits for all");
	return evtask_group_exit(&group, r);
}

static int
run(void *arg)
{
	struct evtask_error *failed, *const *errors;
	size_t n;
	int r = together(work, (int[]){ 3, 1, 2 });

	puts("all are done");
	if (r == 0)
		r = together(fail, (int[]){ 90, 4, 1 });
	if (r == -EINVAL) {
		failed = evtask_catch(r);
		errors = evtask_error_errors(failed, &n);
		for (size_t i = 0; i < n; i++)
			printf("failed: %s\n", evtask_error_message(errors[i]));
		evtask_error_unref(failed);
		r = 0;
	}
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
