/* A loop on the base of a host, who dispatches it and has events of its own. */
#include "tests/calls.h"

#include <event2/event.h>

static struct event_base *base;
static struct evtask_loop *other;

static void
host_setup(void)
{
	struct evtask_loop_options options = {
		.stack_size_bytes = 256 * 1024,
	};
	struct evtask_loop *l;

	base = event_base_new();
	options.base = base;
	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	evtask_loop_set_exception_handler(l, on_report, NULL);
	replace_loop(l);
}

static void
host_teardown(void)
{
	replace_loop(NULL);
	event_base_free(base);
}

static void
break_dispatch(void *arg)
{
	(void)arg;
	event_base_loopbreak(base);
}

static int
sleep_thrice(void *arg)
{
	for (int i = 0; i < 3; i++) {
		int r = evtask_sleep(1000);

		if (r < 0)
			return r;
		say("%s%d", (char *)arg, i);
	}
	break_dispatch(NULL);
	return 0;
}

START_TEST(a_host_that_dispatches_its_base_runs_the_loop)
{
	host_setup();
	ck_assert_ptr_eq(evtask_loop_event_base(loop), base);
	spawn(sleep_thrice, "a");
	event_base_dispatch(base);
	ck_assert_said("a0 a1 a2");
	ck_assert(!evtask_loop_is_running(loop));
	host_teardown();
}
END_TEST

static void
say_and_create(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	say("event");
	ck_assert_ptr_null(evtask_get_running_loop());
	spawn(sleep_thrice, arg);
}

START_TEST(an_event_of_the_host_wakes_the_loop)
{
	struct timeval soon = { 0, 1000 };

	host_setup();
	ck_assert_int_eq(event_base_once(base, -1, EV_TIMEOUT, say_and_create,
	    "a", &soon), 0);
	event_base_dispatch(base);
	ck_assert_said("event a0 a1 a2");
	host_teardown();
}
END_TEST

static void
set_result(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	evtask_set_result(arg, evtask_value_none());
}

static int
await_and_break(void *arg)
{
	int r = evtask_await((struct evtask_future *)arg);

	say("woken");
	break_dispatch(NULL);
	return r;
}

START_TEST(an_event_of_the_host_settles_what_a_task_awaits)
{
	struct timeval soon = { 0, 1000 };
	struct evtask_future *f;

	host_setup();
	f = new_future();
	spawn(await_and_break, f);
	ck_assert_int_eq(event_base_once(base, -1, EV_TIMEOUT, set_result, f,
	    &soon), 0);
	event_base_dispatch(base);
	ck_assert_said("woken");
	evtask_future_unref(f);
	host_teardown();
}
END_TEST

static void
call_sooner(void *arg)
{
	say("%s", (char *)arg);
	call_later(1000, break_dispatch, NULL);
}

START_TEST(a_timer_before_the_one_waited_for_is_not_missed)
{
	host_setup();
	call_later(3600 * SECOND, say_arg, "never");
	call_later(1000, call_sooner, "soon");
	event_base_dispatch(base);
	ck_assert_said("soon");
	host_teardown();
}
END_TEST

static void
call_sooner_event(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	call_sooner(arg);
}

START_TEST(a_timer_set_from_an_event_of_the_host_is_not_missed)
{
	struct timeval soon = { 0, 1000 };

	host_setup();
	call_later(3600 * SECOND, say_arg, "never");
	ck_assert_int_eq(event_base_once(base, -1, EV_TIMEOUT,
	    call_sooner_event, "soon", &soon), 0);
	event_base_dispatch(base);
	ck_assert_said("soon");
	host_teardown();
}
END_TEST

static void
say_and_break_next(void *arg)
{
	say("%s", (char *)arg);
	call_soon(say_arg, "next");
	call_soon(break_dispatch, NULL);
}

START_TEST(turns_of_a_host_keep_the_rules)
{
	host_setup();
	call_soon(say_and_break_next, "a");
	call_soon(say_arg, "b");
	event_base_dispatch(base);
	ck_assert_said("a b next");
	host_teardown();
}
END_TEST

START_TEST(a_stop_does_not_stop_the_host)
{
	host_setup();
	call_soon(stop, NULL);
	call_later(1000, say_arg, "went on");
	call_later(1000, break_dispatch, NULL);
	event_base_dispatch(base);
	ck_assert_said("went on");
	host_teardown();
}
END_TEST

static void
run_inside_host(void *arg)
{
	ck_assert_int_eq(evtask_loop_run_forever(loop), -EBUSY);
	ck_assert_int_eq(evtask_loop_free(loop), -EBUSY);
	ck_assert_ptr_eq(evtask_get_running_loop(), loop);
	break_dispatch(arg);
}

START_TEST(inside_a_turn_of_the_host_the_loop_is_busy)
{
	host_setup();
	call_soon(run_inside_host, NULL);
	event_base_dispatch(base);
	host_teardown();
}
END_TEST

START_TEST(a_loop_on_a_hosts_base_can_be_run_too_and_then_dispatched)
{
	struct evtask *task;

	host_setup();
	task = start(sleep_seconds, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
	spawn(sleep_thrice, "a");
	event_base_dispatch(base);
	ck_assert_said("a0 a1 a2");
	host_teardown();
}
END_TEST

START_TEST(two_loops_share_a_hosts_base)
{
	struct evtask_loop *first;

	host_setup();
	first = loop;
	ck_assert_int_eq(evtask_loop_new(&(struct evtask_loop_options){
	    .base = base }, &other), 0);
	ck_assert_int_eq(evtask_call_later(other, 1000, say_arg, "other",
	    NULL), 0);
	ck_assert_int_eq(evtask_call_later(first, 3000, say_arg, "first",
	    NULL), 0);
	call_later(5000, break_dispatch, NULL);
	event_base_dispatch(base);
	ck_assert_said("other first");
	ck_assert_int_eq(evtask_loop_free(other), 0);
	host_teardown();
}
END_TEST

START_TEST(the_hosts_base_stays_the_hosts)
{
	struct timeval now = { 0, 0 };

	host_setup();
	spawn(sleep_thrice, "never");
	replace_loop(NULL);
	ck_assert_int_eq(event_base_get_num_events(base,
	    EVENT_BASE_COUNT_ADDED), 0);
	ck_assert_int_eq(event_base_loopexit(base, &now), 0);
	event_base_dispatch(base);
	event_base_free(base);
}

CORE_SUITE("host",
    a_host_that_dispatches_its_base_runs_the_loop,
    an_event_of_the_host_wakes_the_loop,
    an_event_of_the_host_settles_what_a_task_awaits,
    a_timer_before_the_one_waited_for_is_not_missed,
    a_timer_set_from_an_event_of_the_host_is_not_missed,
    turns_of_a_host_keep_the_rules,
    a_stop_does_not_stop_the_host,
    inside_a_turn_of_the_host_the_loop_is_busy,
    a_loop_on_a_hosts_base_can_be_run_too_and_then_dispatched,
    two_loops_share_a_hosts_base,
    the_hosts_base_stays_the_hosts)
