/*
 * Events: set once, seen by all who wait.
 */
#include "tests/core.h"

static struct evtask_event *event;

static int
wait_and_say(void *arg)
{
	int r = evtask_event_wait(event);

	say("%s%d", (char *)arg, r);
	return r;
}

static void
new_event(void)
{
	ck_assert_int_eq(evtask_event_new("ready", &event), 0);
	ck_assert(!evtask_event_is_set(event));
}

START_TASK_TEST(a_set_event_is_not_waited_for)
{
	uint64_t before = turns();

	new_event();
	evtask_event_set(event);
	ck_assert(evtask_event_is_set(event));
	ck_assert_int_eq(evtask_event_wait(event), 0);
	ck_assert_uint_eq(turns(), before);
	evtask_event_free(event);
	return 0;
}

START_TEST(all_who_wait_go_on_in_order)
{
	new_event();
	spawn(wait_and_say, "a");
	spawn(wait_and_say, "b");
	run_turns(1);
	evtask_event_set(event);
	ck_assert_said("");
	run_turns(1);
	ck_assert_said("a0 b0");
	evtask_event_free(event);
}
END_TEST

START_TEST(clearing_right_after_does_not_hold_them_back)
{
	new_event();
	spawn(wait_and_say, "a");
	run_turns(1);
	evtask_event_set(event);
	evtask_event_clear(event);
	spawn(wait_and_say, "late");
	run_turns(2);
	ck_assert_said("a0");
	evtask_event_set(event);
	run_dry();
	ck_assert_said("late0");
	evtask_event_free(event);
}
END_TEST

START_TEST(who_is_cancelled_leaves_the_others_waiting)
{
	struct evtask *a;

	new_event();
	a = start(wait_and_say, "a");
	spawn(wait_and_say, "b");
	run_turns(1);
	evtask_cancel(a, NULL);
	run_turns(1);
	ck_assert_said("a-125");
	evtask_event_set(event);
	run_dry();
	ck_assert_said("b0");
	evtask_unref(a);
	evtask_event_free(event);
}
END_TEST

START_TEST(setting_it_twice_is_setting_it_once)
{
	new_event();
	evtask_event_set(event);
	evtask_event_set(event);
	evtask_event_clear(event);
	ck_assert(!evtask_event_is_set(event));
	ck_assert_int_eq(evtask_event_wait(event), -EINVAL);
	evtask_event_free(event);
	evtask_event_free(NULL);
}
END_TEST

START_TASK_TEST(who_waits_says_for_what)
{
	struct evtask_wait_info wait;
	struct evtask *a;

	new_event();
	a = start(wait_and_say, "a");
	(void)!evtask_sleep(0);
	ck_assert_int_eq(evtask_get_wait(a, &wait), 1);
	ck_assert_str_eq(wait.op, "event.wait");
	ck_assert_str_eq(wait.name, "ready");
	ck_assert_ptr_null(wait.owner);
	evtask_event_set(event);
	(void)!evtask_await(a);
	ck_assert_said("a0");
	evtask_unref(a);
	evtask_event_free(event);
	return 0;
}

CORE_SUITE("event",
    a_set_event_is_not_waited_for,
    all_who_wait_go_on_in_order,
    clearing_right_after_does_not_hold_them_back,
    who_is_cancelled_leaves_the_others_waiting,
    setting_it_twice_is_setting_it_once,
    who_waits_says_for_what)
