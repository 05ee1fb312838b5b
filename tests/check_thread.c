/* Blocking work off the loop. Threads are kept in step by gates: no test
 * waits for time to pass. */
#include "tests/core.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

enum { POOL_THREADS = 8 };

static pthread_t main_thread;
static atomic_int begun, running, running_at_most;
static sem_t gate;		/* work that holds waits for it */

static void
open_gate(void *arg)
{
	for (intptr_t n = (intptr_t)arg; n > 0; n--)
		sem_post(&gate);
}

static int
answer(void *arg)
{
	ck_assert(!pthread_equal(pthread_self(), main_thread));
	return (int)(intptr_t)arg;
}

/* Others may count, too, between a look and what is made of it. */
static void
count_most(int now)
{
	int most = running_at_most;

	while (now > most && !atomic_compare_exchange_weak(&running_at_most,
	    &most, now))
		;
}

/* Runs until the gate opens. */
static int
hold(void *arg)
{
	count_most(++running);
	begun++;
	while (sem_wait(&gate) != 0)
		;
	running--;
	return (int)(intptr_t)arg;
}

static void
prepare(void)
{
	main_thread = pthread_self();
	begun = running = running_at_most = 0;
	ck_assert_int_eq(sem_init(&gate, 0, 0), 0);
}

static int
hold_in_thread(void *arg)
{
	int reply = -1, r = evtask_to_thread(hold, arg, &reply);

	say("r%d answer%d", r, reply);
	return r < 0 ? r : 0;
}

/* Until so many works have begun; the loop keeps turning. */
static void
run_until_begun(int n)
{
	while (begun < n)
		run_turns(1);
}

START_TASK_TEST(work_is_done_in_another_thread)
{
	int reply = -1;

	prepare();
	ck_assert_int_eq(evtask_to_thread(answer, (void *)42, &reply), 42);
	ck_assert_int_eq(reply, 42);
	ck_assert_int_eq(evtask_to_thread(answer, (void *)-EIO, NULL), -EIO);
	ck_assert(pthread_equal(pthread_self(), main_thread));
	return 0;
}

START_TEST(the_loop_goes_on_meanwhile)
{
	prepare();
	spawn(hold_in_thread, (void *)5);
	run_until_begun(1);
	ck_assert_int_eq(evtask_call_soon(loop, say_arg, "meanwhile", NULL),
	    0);
	run_turns(1);
	ck_assert_said("meanwhile");
	open_gate((void *)1);
	run_dry();
	ck_assert_said("r5 answer5");
}
END_TEST

START_TEST(the_virtual_clock_does_not_run_ahead_of_a_thread)
{
	prepare();
	spawn(hold_in_thread, (void *)5);
	ck_assert_int_eq(evtask_call_later(loop, 1, say_arg, "timer", NULL),
	    0);
	run_until_begun(1);
	open_gate((void *)1);
	run_dry();
	ck_assert_said("r5 answer5 timer");
}
END_TEST

START_TEST(there_are_no_more_threads_than_eight)
{
	prepare();
	for (int i = 0; i < 3 * POOL_THREADS; i++)
		spawn(hold_in_thread, NULL);
	run_until_begun(POOL_THREADS);
	open_gate((void *)(3 * POOL_THREADS));
	run_dry();
	ck_assert_int_eq(begun, 3 * POOL_THREADS);
	ck_assert_int_eq(running_at_most, POOL_THREADS);
	said[0] = '\0';
}
END_TEST

static atomic_int next_number;

static int
take_number(void *arg)
{
	ck_assert_int_eq(next_number++, (int)(intptr_t)arg);
	return 0;
}

static int
take_number_in_thread(void *arg)
{
	return evtask_to_thread(take_number, arg, NULL);
}

START_TEST(work_is_taken_in_the_order_in_which_it_came)
{
	prepare();
	/* All threads but one are held, so that one takes them all. */
	for (int i = 0; i < POOL_THREADS; i++)
		spawn(hold_in_thread, NULL);
	run_until_begun(POOL_THREADS);
	next_number = 0;
	for (intptr_t i = 0; i < 50; i++)
		spawn(take_number_in_thread, (void *)i);
	run_turns(1);
	open_gate((void *)1);
	while (next_number < 50)
		run_turns(1);
	open_gate((void *)(POOL_THREADS - 1));
	run_dry();
	said[0] = '\0';
}
END_TEST

/* Cancelling. */

START_TEST(cancelled_work_not_begun_is_taken_back)
{
	struct evtask *task;

	prepare();
	for (int i = 0; i < POOL_THREADS; i++)
		spawn(hold_in_thread, NULL);
	run_until_begun(POOL_THREADS);
	task = start(hold_in_thread, (void *)7);
	run_turns(1);
	evtask_cancel(task, "words");
	run_turns(2);
	ck_assert_said("r-125 answer-1");
	ck_assert(evtask_cancelled(task));
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(task)),
	    "words");
	open_gate((void *)POOL_THREADS);
	run_dry();
	ck_assert_int_eq(begun, POOL_THREADS);
	evtask_unref(task);
	said[0] = '\0';
}
END_TEST

START_TEST(cancelled_work_that_has_begun_is_waited_for)
{
	struct evtask *task;

	prepare();
	task = start(hold_in_thread, (void *)7);
	run_until_begun(1);
	evtask_cancel(task, "words");
	run_turns(3);
	ck_assert_said("");
	ck_assert(!evtask_done(task));
	evtask_cancel(task, "again");
	run_turns(3);
	ck_assert_said("");
	open_gate((void *)1);
	run_dry();
	ck_assert_said("r-125 answer7");
	ck_assert(evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 2);
	evtask_unref(task);
}
END_TEST

static int
cancel_before_work(void *arg)
{
	evtask_cancel(evtask_current_task(), NULL);
	return hold_in_thread(arg);
}

START_TEST(a_request_that_came_before_the_work_is_answered)
{
	struct evtask *task;

	prepare();
	open_gate((void *)1);	/* it may begin, or not */
	task = start(cancel_before_work, (void *)7);
	run_dry();
	ck_assert(evtask_cancelled(task));
	ck_assert(strcmp(said, "r-125 answer-1") == 0 ||
	    strcmp(said, "r-125 answer7") == 0);
	said[0] = '\0';
	evtask_unref(task);
}
END_TEST

START_TEST(a_loop_that_is_freed_waits_for_work_that_has_begun)
{
	struct evtask *task;

	prepare();
	task = start(hold_in_thread, (void *)7);
	run_until_begun(1);
	open_gate((void *)1);
	replace_loop(NULL);
	ck_assert_said("r-125 answer7");
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
}
END_TEST

/* What is queued is taken back, or begun by a thread that came free first. */
START_TEST(a_loop_that_is_freed_leaves_no_work_behind)
{
	enum { TASKS = POOL_THREADS + 5 };
	int ended = 0;

	prepare();
	for (int i = 0; i < TASKS; i++)
		spawn(hold_in_thread, (void *)7);
	run_until_begun(POOL_THREADS);
	open_gate((void *)TASKS);
	replace_loop(NULL);
	ck_assert_int_eq(running, 0);
	for (const char *p = said; (p = strstr(p, "r-125")) != NULL; p++)
		ended++;
	ck_assert_int_eq(ended, TASKS);
	said[0] = '\0';
}
END_TEST

static int
answer_after_unwinding(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	ck_assert_int_eq(evtask_to_thread(answer, arg, NULL), -ECANCELED);
	return r;
}

START_TEST(a_task_that_is_unwound_begins_no_work)
{
	prepare();
	spawn(answer_after_unwinding, NULL);
	run_turns(1);
	replace_loop(NULL);
}
END_TEST

/* Manners. */

static int
look_at_mask(void *arg)
{
	sigset_t mask;

	(void)arg;
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	return sigismember(&mask, SIGTERM) && sigismember(&mask, SIGCHLD) &&
	    sigismember(&mask, SIGUSR1);
}

START_TASK_TEST(threads_are_deaf_to_signals)
{
	sigset_t mask;

	ck_assert_int_eq(evtask_to_thread(look_at_mask, NULL, NULL), 1);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	ck_assert(!sigismember(&mask, SIGUSR1));
	return 0;
}

static int
look_around(void *arg)
{
	(void)arg;
	ck_assert_ptr_null(evtask_current_task());
	ck_assert_ptr_null(evtask_get_running_loop());
	ck_assert_int_eq(evtask_sleep(0), -EINVAL);
	ck_assert_int_eq(evtask_raise(-EIO, "not here"), -EIO);
	return 0;
}

START_TASK_TEST(in_a_thread_no_loop_runs)
{
	ck_assert_int_eq(evtask_to_thread(look_around, NULL, NULL), 0);
	return 0;
}

static int
call_in(void *arg)
{
	return evtask_call_soon_threadsafe(arg, say_arg, "called in");
}

START_TASK_TEST(a_thread_calls_the_loop)
{
	ck_assert_int_eq(evtask_to_thread(call_in, loop, NULL), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_said("called in");
	return 0;
}

START_TEST(a_wait_says_what_it_waits_for)
{
	struct evtask_wait_info wait;
	struct evtask *task;

	prepare();
	task = start(hold_in_thread, NULL);
	run_until_begun(1);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	ck_assert_str_eq(wait.op, "thread.wait");
	ck_assert_str_eq(wait.type, "thread");
	open_gate((void *)1);
	run_dry();
	evtask_unref(task);
	said[0] = '\0';
}
END_TEST

START_TASK_TEST(misuse_is_refused)
{
	ck_assert_int_eq(evtask_to_thread(NULL, NULL, NULL), -EINVAL);
	return 0;
}

START_TEST(outside_a_task_there_is_nobody_to_wait)
{
	ck_assert_int_eq(evtask_to_thread(answer, NULL, NULL), -EINVAL);
}
END_TEST

static int
add_up(void *arg)
{
	int sum = 0;

	for (int i = 0; i < 200; i++) {
		int r = evtask_to_thread(answer, (void *)1, NULL);

		if (r < 0)
			return r;
		sum += r;
	}
	(void)arg;
	return evtask_return(evtask_value_int(sum));
}

START_TEST(many_tasks_send_much_work)
{
	struct evtask *tasks[16];
	struct evtask_value v;

	prepare();
	for (size_t i = 0; i < COUNT(tasks); i++)
		tasks[i] = start(add_up, NULL);
	run_dry();
	for (size_t i = 0; i < COUNT(tasks); i++) {
		ck_assert_int_eq(evtask_result(tasks[i], &v), 0);
		ck_assert_int_eq(v.u.i, 200);
		evtask_unref(tasks[i]);
	}
}
END_TEST

static int
say_who(void *arg)
{
	*(pthread_t *)arg = pthread_self();
	return 0;
}

static int
ask_who(void *arg)
{
	pthread_t first, other;
	int r = evtask_to_thread(say_who, &first, NULL);

	for (int i = 0; r == 0 && i < 500; i++) {
		r = evtask_to_thread(say_who, &other, NULL);
		*(int *)arg += r == 0 && !pthread_equal(first, other);
	}
	return r;
}

/* It is free from when its work is finished, and not only when it waits. */
START_TEST(work_one_after_the_other_is_done_by_one_thread)
{
	int others = 0;
	struct evtask *task = start(ask_who, &others);

	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	ck_assert_int_eq(others, 0);
	evtask_unref(task);
}
END_TEST

CORE_SUITE("thread",
    work_is_done_in_another_thread,
    the_loop_goes_on_meanwhile,
    the_virtual_clock_does_not_run_ahead_of_a_thread,
    there_are_no_more_threads_than_eight,
    work_is_taken_in_the_order_in_which_it_came,
    cancelled_work_not_begun_is_taken_back,
    cancelled_work_that_has_begun_is_waited_for,
    a_request_that_came_before_the_work_is_answered,
    a_loop_that_is_freed_waits_for_work_that_has_begun,
    a_loop_that_is_freed_leaves_no_work_behind,
    a_task_that_is_unwound_begins_no_work,
    threads_are_deaf_to_signals,
    in_a_thread_no_loop_runs,
    a_thread_calls_the_loop,
    a_wait_says_what_it_waits_for,
    misuse_is_refused,
    outside_a_task_there_is_nobody_to_wait,
    many_tasks_send_much_work,
    work_one_after_the_other_is_done_by_one_thread)
