/*
 * Memory of waiting: every allocation fails once, by turns, in programs that
 * wait for several, for so long, or behind a shield; and of each of these when
 * it is the ready queue that has to grow.
 */
#include <config.h>

#include "tests/programs.h"

#define AWAITABLE(f) \
	((union evtask_awaitable){ .future = (struct evtask_future *)(f) })

/* Three sleepers, and something done with all of them. */
static int
with_three(int (*fn)(const union evtask_awaitable *fs, size_t n))
{
	union evtask_awaitable fs[3] = { { NULL } };
	int r = 0;

	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_create(sleep_a_second, NULL, NULL, &fs[i].task);
	if (r == 0)
		r = fn(fs, 3);
	for (int i = 0; i < 3; i++)
		if (fs[i].task != NULL) {
			(void)evtask_result(fs[i], NULL);
			evtask_unref(fs[i].task);
		}
	return r;
}

static int
gather(const union evtask_awaitable *fs, size_t n)
{
	struct evtask_future *all;
	int r = evtask_gather(fs, n, false, &all);

	if (r < 0)
		return r;
	r = evtask_await_result(all, NULL);
	evtask_future_unref(all);
	return r;
}

static int
gather_three(void *arg)
{
	(void)arg;
	return with_three(gather);
}

static int
wait_for_all(const union evtask_awaitable *fs, size_t n)
{
	int r = evtask_wait(fs, n, 5 * SECOND, EVTASK_ALL_COMPLETED);

	return expect(r == (int)n, r);
}

static int
wait_for_three(void *arg)
{
	(void)arg;
	return with_three(wait_for_all);
}

static int
take_as_completed(const union evtask_awaitable *fs, size_t n)
{
	struct evtask_as_completed *it;
	struct evtask_future *f;
	int r = evtask_as_completed(fs, n, 5 * SECOND, &it);

	if (r < 0)
		return r;
	while ((r = evtask_as_completed_next(it, &f)) > 0)
		;
	evtask_as_completed_free(it);
	return r;
}

static int
take_three_as_completed(void *arg)
{
	(void)arg;
	return with_three(take_as_completed);
}

static int
shield_one(void *arg)
{
	struct evtask_future *shield;
	struct evtask *task;
	int r = evtask_create(sleep_a_second, NULL, NULL, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_shield(task, &shield);
	if (r == 0) {
		r = evtask_await_result(shield, NULL);
		evtask_future_unref(shield);
	} else {
		(void)!evtask_await(task);
	}
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r;
}

static int
time_out(void *arg)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, SECOND);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_timeout_exit(&t, evtask_sleep(5 * SECOND));
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

/* Who waited ends what was waited for, if it has not ended. */
static int
leave(struct evtask *task, int r)
{
	if (!evtask_done(task)) {
		evtask_cancel(task, NULL);
		(void)!evtask_await(task);
	}
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
wait_for_one(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, arg, NULL, &task);

	return r < 0 ? r : leave(task, evtask_wait_for(task, SECOND, NULL));
}

static int
wait_for_no_time(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, arg, NULL, &task);

	return r < 0 ? r : leave(task, evtask_wait_for(task, 0, NULL));
}

static int
wait_patiently(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, arg, NULL, &task);

	return r < 0 ? r : leave(task,
	    evtask_wait_for_keep(task, SECOND, NULL));
}

static int
call_in_time(void *arg)
{
	struct evtask_value v;
	int r = evtask_wait_for_call(return_text, arg, SECOND, &v);

	if (r < 0)
		return r;
	evtask_value_unref(v);
	r = evtask_wait_for_call(sleep_for_ever, arg, 0, NULL);
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
group_three(void *arg)
{
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	(void)arg;
	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_group_create_task(&group, sleep_a_second, NULL,
		    NULL, NULL);
	return evtask_group_exit(&group, r);
}

/* With the ready queue so full that the next to reserve a place in it makes it
 * grow, which may fail. */
static int
crowded(int (*fn)(struct evtask_future *f))
{
	struct evtask_handle *handles[400];
	struct evtask_future *f;
	int n = 0, r = evtask_future_new(NULL, &f);

	if (r < 0)
		return r;
	/* Where the queue is full is not for us to know: it comes by. */
	while (r == 0 && n < 260) {
		r = evtask_call_at(NULL, EVTASK_FOREVER, count, NULL,
		    &handles[n]);
		n += r == 0;
		if (r == 0 && n > 246)
			r = fn(f);
	}
	while (n > 0) {
		evtask_handle_cancel(handles[--n]);
		evtask_handle_unref(handles[n]);
	}
	evtask_future_unref(f);
	return r;
}

static int
gather_in_a_crowd(struct evtask_future *f)
{
	union evtask_awaitable fs[2] = { AWAITABLE(f), AWAITABLE(f) };
	struct evtask_future *all;
	int r = evtask_gather(fs, 2, false, &all);

	if (r < 0)
		return r;
	evtask_cancel(all, NULL);
	(void)!evtask_await(all);
	evtask_future_unref(all);
	return 0;
}

static int
shield_in_a_crowd(struct evtask_future *f)
{
	struct evtask_future *inner, *shield;
	int r = evtask_future_new(NULL, &inner);

	(void)f;
	if (r < 0)
		return r;
	r = evtask_shield(inner, &shield);
	(void)evtask_set_result(inner, evtask_value_none());
	if (r == 0) {
		(void)!evtask_await(shield);
		evtask_future_unref(shield);
	}
	evtask_future_unref(inner);
	return r;
}

static int
wait_in_a_crowd(struct evtask_future *f)
{
	union evtask_awaitable fs[2] = { AWAITABLE(f), AWAITABLE(f) };
	int r = evtask_wait(fs, 2, 0, EVTASK_ALL_COMPLETED);

	return r < 0 ? r : 0;
}

static int
wait_patiently_in_a_crowd(struct evtask_future *f)
{
	struct evtask_future *mine;
	int r = evtask_future_new(NULL, &mine);

	(void)f;
	if (r < 0)
		return r;
	r = evtask_wait_for_keep(mine, 1, NULL);
	evtask_future_unref(mine);
	return r == -ETIMEDOUT ? 0 : r;
}

static int
time_out_in_a_crowd(struct evtask_future *f)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, SECOND);

	(void)f;
	return r < 0 ? r : evtask_timeout_exit(&t, 0);
}

static int
group_in_a_crowd(struct evtask_future *f)
{
	struct evtask_options eager = { .eager = true };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	(void)f;
	if (r < 0)
		return r;
	r = evtask_group_create_task(&group, return_text, (void *)"x", &eager,
	    NULL);
	return evtask_group_exit(&group, r);
}

static int
iterate_in_a_crowd(struct evtask_future *f)
{
	struct evtask_as_completed *it;
	union evtask_awaitable fs[2] = { AWAITABLE(f), AWAITABLE(f) };
	int r = evtask_as_completed(fs, 2, SECOND, &it);

	if (r == 0)
		evtask_as_completed_free(it);
	return r;
}

static void
count_done(struct evtask_future *f, void *arg)
{
	(void)f;
	count(arg);
}

static int
call_back_in_a_crowd(struct evtask_future *f)
{
	int n, r = evtask_add_done_callback(f, count_done, &n);

	if (r == 0)
		(void)evtask_remove_done_callback(f, count_done, &n);
	return r;
}

static int
run_soon_in_a_crowd(struct evtask_future *f)
{
	struct evtask_handle *handle;
	int n = 0, r = evtask_call_soon(NULL, count, &n, &handle);

	(void)f;
	if (r < 0)
		return r;
	evtask_handle_cancel(handle);
	evtask_handle_unref(handle);
	return 0;
}

#define IN_A_CROWD(name) \
	static int \
	crowd_##name(void *arg) \
	{ \
		(void)arg; \
		return crowded(name##_in_a_crowd); \
	}
IN_A_CROWD(gather)
IN_A_CROWD(shield)
IN_A_CROWD(wait)
IN_A_CROWD(wait_patiently)
IN_A_CROWD(time_out)
IN_A_CROWD(group)
IN_A_CROWD(iterate)
IN_A_CROWD(call_back)
IN_A_CROWD(run_soon)

static const struct program programs[] = {
	ROW(gather_three), ROW(wait_for_three), ROW(take_three_as_completed),
	ROW(shield_one), ROW(time_out), ROW(wait_for_one),
	ROW(wait_for_no_time), ROW(wait_patiently), ROW(call_in_time),
	ROW(group_three), ROW(crowd_gather), ROW(crowd_shield),
	ROW(crowd_wait), ROW(crowd_wait_patiently), ROW(crowd_time_out),
	ROW(crowd_group), ROW(crowd_iterate), ROW(crowd_call_back),
	ROW(crowd_run_soon),
};

int
main(void)
{
	return starve_main("wait_memory", NULL, NULL, programs,
	    (int)(sizeof programs / sizeof *programs));
}
