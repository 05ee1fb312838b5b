/*
 * crew.c - tasks that wait for several others, in every way there is. None is
 * sick: what is to be seen is whom each waits for, and that who has ended, and
 * a future that is no task, are not among them.
 */
#include "tests/zoo/crew.h"

#include <evtask/evtask.h>

/* Those who are waited for: two sleep for long, and one ends at once. */
struct hands {
	union evtask_awaitable v[3];
};

static int
sleep_on(void *arg)
{
	(void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

static int
end_soon(void *arg)
{
	(void)arg;
	return 0;
}

static int
start(evtask_fn fn, const char *name, void *arg, struct evtask **ret_task)
{
	struct evtask_options options = { .name = name };

	return evtask_create(fn, arg, &options, ret_task);
}

/* A gather of a sleeper, and of a shield with the other in it. */
static int
gather(void *arg)
{
	struct hands *hands = arg;
	struct evtask_future *shield, *all;
	union evtask_awaitable fs[3] = { hands->v[0], hands->v[2] };
	int r = evtask_shield(hands->v[1], &shield);

	if (r < 0)
		return r;
	fs[2].future = shield;
	r = evtask_gather(fs, 3, false, &all);
	return r < 0 ? r : evtask_await(all);
}

static int
wait(void *arg)
{
	struct hands *hands = arg;

	return evtask_wait(hands->v, 3, EVTASK_FOREVER, EVTASK_ALL_COMPLETED);
}

/* The first is done; it waits for the next. */
static int
take(void *arg)
{
	struct hands *hands = arg;
	struct evtask_as_completed *it;
	struct evtask_future *f;
	int r = evtask_as_completed(hands->v, 3, EVTASK_FOREVER, &it);

	while (r >= 0 && (r = evtask_as_completed_next(it, &f)) > 0)
		;
	return r;
}

static int
lead(void *arg)
{
	struct evtask_options first = { .name = "first" };
	struct evtask_options second = { .name = "second" };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	if (r < 0)
		return r;
	r = evtask_group_create_task(&group, sleep_on, arg, &first, NULL);
	if (r == 0)
		r = evtask_group_create_task(&group, sleep_on, arg, &second,
		    NULL);
	return evtask_group_exit(&group, r);
}

static int
follow(void *arg)
{
	struct hands *hands = arg;

	return evtask_await(hands->v[1].task);
}

int
crew(void *arg)
{
	static struct hands hands;	/* there is one crew */
	int r = start(sleep_on, "anna", NULL, &hands.v[0].task);

	(void)arg;
	if (r == 0)
		r = start(sleep_on, "bert", NULL, &hands.v[1].task);
	if (r == 0)
		r = start(end_soon, "carl", NULL, &hands.v[2].task);
	if (r == 0)
		r = start(gather, "gatherer", &hands, NULL);
	if (r == 0)
		r = start(wait, "waiter", &hands, NULL);
	if (r == 0)
		r = start(take, "taker", &hands, NULL);
	if (r == 0)
		r = start(lead, "leader", &hands, NULL);
	if (r == 0)
		r = start(follow, "follower", &hands, NULL);
	return r;
}
