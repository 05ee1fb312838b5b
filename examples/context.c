/*
 * context.c - context variables: what a task sets, its children see.
 */
#include <evtask/evtask.h>

#include <stdio.h>

static const struct evtask_var request = { "request" };

static void
say(const char *words)
{
	struct evtask_value v;

	if (evtask_var_get(&request, &v) == 0)
		printf("[%s] %s\n", evtask_value_text(v), words);
}

static int
query(void *arg)
{
	say("asks the database");
	return evtask_var_set(&request,
	    evtask_value_literal("nobody else sees this"));
}

static int
handle(void *name)
{
	struct evtask *child;
	int r = evtask_var_set(&request, evtask_value_literal(name));

	if (r == 0)
		r = evtask_sleep(0);
	if (r < 0)
		return r;
	say("begins");
	r = evtask_create(query, NULL, NULL, &child);
	if (r < 0)
		return r;
	r = evtask_await(child);
	evtask_unref(child);
	say("ends");
	return r;
}

static int
run(void *arg)
{
	union evtask_awaitable fs[2];
	struct evtask_future *both;
	int r;

	evtask_create(handle, (void *)"request 1", NULL, &fs[0].task);
	evtask_create(handle, (void *)"request 2", NULL, &fs[1].task);
	r = evtask_gather(fs, 2, false, &both);
	evtask_unref(fs[0].task);
	evtask_unref(fs[1].task);
	if (r < 0)
		return r;
	r = evtask_await_result(both, NULL);
	evtask_future_unref(both);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
