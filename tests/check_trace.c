/* The flight recorder, and the trace made of it. */
#include <evtask/inspect_trace.h>
#include <json-c/json.h>

#include "tests/core.h"

static struct evtask_trace_record records[512];

static const char *
name_of(uint64_t task, void *arg)
{
	(void)arg;
	return task == 1 ? "first \"task\"" : NULL;
}

/* The records of a task, in words; of the loop, with 0. */
static void
say_records(uint64_t task)
{
	size_t n = evtask_trace_read(loop, 0, records, COUNT(records));

	for (size_t i = 0; i < n; i++)
		if (records[i].task == task)
			say("%s", evtask_trace_type_name(records[i].type));
}

static void
trace(void)
{
	ck_assert_int_eq(evtask_trace_start(loop, 0), 0);
}

START_TEST(a_life_is_recorded)
{
	struct evtask *task;

	trace();
	task = start(sleep_seconds, (void *)2);
	run_dry();
	say_records(evtask_id(task));
	ck_assert_said("created runs waits woken runs done");
	evtask_unref(task);
}
END_TEST

START_TEST(waits_say_what_for_and_ends_how)
{
	struct evtask *owner, *task;
	struct evtask_options options = { .name = "owner" };
	size_t n;

	trace();
	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for_ever, NULL,
	    &options, &owner), 0);
	task = start(await_future, owner);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_dry();
	n = evtask_trace_read(loop, 0, records, COUNT(records));
	for (size_t i = 0; i < n; i++) {
		const struct evtask_trace_record *r = &records[i];

		ck_assert_uint_eq(r->seq, i + 1);
		if (r->task != evtask_id(task))
			continue;
		if (r->type == EVTASK_TRACE_WAITS) {
			ck_assert_str_eq(r->op, "await");
			ck_assert_str_eq(r->name, "owner");
			ck_assert_uint_eq(r->other, evtask_id(owner));
			say("waited");
		}
		if (r->type == EVTASK_TRACE_CANCEL)
			say("asked");
		if (r->type == EVTASK_TRACE_WOKEN)
			say("by %d", (int)(r->other == evtask_id(owner)));
		if (r->type == EVTASK_TRACE_DONE)
			say("%s", r->op);
	}
	ck_assert_said("waited asked by 1 cancelled");
	evtask_unref(task);
	evtask_unref(owner);
}
END_TEST

START_TEST(the_oldest_are_overwritten)
{
	ck_assert_int_eq(evtask_trace_start(loop, 5), 0);
	for (int i = 0; i < 10; i++)
		spawn(return_at_once, NULL);
	run_dry();
	/* Eight places; thirty records of tasks and some of the loop. */
	ck_assert_uint_eq(evtask_trace_read(loop, 0, records,
	    COUNT(records)), 8);
	ck_assert_uint_gt(records[0].seq, 20);
	ck_assert_uint_eq(records[7].seq, records[0].seq + 7);
	/* Read on. */
	ck_assert_uint_eq(evtask_trace_read(loop, records[5].seq, records, 1),
	    1);
	ck_assert_uint_eq(evtask_trace_read(loop, records[0].seq + 1, records,
	    8), 0);
}
END_TEST

START_TEST(on_and_off)
{
	ck_assert(!evtask_trace_is_on(loop));
	ck_assert_uint_eq(evtask_trace_read(loop, 0, records, 1), 0);
	trace();
	ck_assert(evtask_trace_is_on(loop));
	ck_assert_int_eq(evtask_trace_start(loop, 0), -EALREADY);
	ck_assert_int_eq(evtask_trace_start(NULL, 0), -EINVAL);
	ck_assert_int_eq(evtask_trace_start(loop, SIZE_MAX), -EINVAL);
	evtask_trace_stop(loop);
	evtask_trace_stop(loop);
	ck_assert(!evtask_trace_is_on(loop));
}
END_TEST

/* As Chrome's format has it: an array of events, each with what its phase
 * needs; arrows in pairs; times that go on. */

static int64_t
number(struct json_object *event, const char *key)
{
	struct json_object *value;

	ck_assert_msg(json_object_object_get_ex(event, key, &value), "no %s",
	    key);
	return (int64_t)json_object_get_double(value);
}

static const char *
text(struct json_object *event, const char *key)
{
	struct json_object *value;

	ck_assert_msg(json_object_object_get_ex(event, key, &value), "no %s",
	    key);
	return json_object_get_string(value);
}

static struct {
	int slices, starts, ends, names, counters, instants;
} seen;

static void
check_event(struct json_object *event)
{
	switch (text(event, "ph")[0]) {
	case 'X':
		ck_assert_int_ge(number(event, "ts"), 0);
		ck_assert_int_ge(number(event, "dur"), 0);
		seen.slices++;
		break;
	case 's':
		ck_assert_int_gt(number(event, "id"), 0);
		seen.starts++;
		break;
	case 'f':
		ck_assert_int_eq(number(event, "id"), seen.starts);
		ck_assert_str_eq(text(event, "bp"), "e");
		seen.ends++;
		break;
	case 'C':
		ck_assert_ptr_nonnull(text(event, "args"));
		seen.counters++;
		break;
	case 'i':
		ck_assert_str_eq(text(event, "s"), "t");
		seen.instants++;
		break;
	case 'M':
		ck_assert_str_eq(text(event, "name"), "thread_name");
		seen.names++;
		break;
	default:
		ck_abort_msg("phase %s", text(event, "ph"));
	}
	ck_assert_int_eq(number(event, "pid"), 1);
	ck_assert_int_ge(number(event, "tid"), 0);
}

static char *
write_trace(const struct evtask_trace_record *all, size_t n,
    const struct evtask_trace_facts *facts)
{
	size_t size;
	char *bytes;
	FILE *file = open_memstream(&bytes, &size);

	ck_assert_int_eq(evtask_trace_write(file, all, n, facts), 0);
	ck_assert_int_eq(fclose(file), 0);
	return bytes;
}

static char *
trace_text(void)
{
	struct evtask_trace_facts facts = { .name = name_of };
	size_t n = evtask_trace_read(loop, 0, records, COUNT(records));

	return write_trace(records, n, &facts);
}

static void
check_trace(const char *bytes)
{
	struct json_object *whole = json_tokener_parse(bytes), *events;

	ck_assert_ptr_nonnull(whole);
	ck_assert(json_object_object_get_ex(whole, "traceEvents", &events));
	memset(&seen, 0, sizeof seen);
	for (size_t i = 0; i < json_object_array_length(events); i++)
		check_event(json_object_array_get_idx(events, i));
	ck_assert_int_eq(seen.starts, seen.ends);
	json_object_put(whole);
}

START_TEST(a_trace_is_what_chrome_takes)
{
	struct evtask *tasks[3];
	char *bytes;

	trace();
	tasks[0] = start(sleep_seconds, (void *)2);
	tasks[1] = start(await_future, tasks[0]);
	tasks[2] = start(sleep_for_ever, NULL);
	ck_assert_int_eq(evtask_set_name(tasks[1], "back\\slash \n\xff"), 0);
	run_turns(3);
	run_dry();
	evtask_cancel(tasks[2], NULL);
	run_dry();
	bytes = trace_text();
	check_trace(bytes);
	ck_assert_int_eq(seen.names, 4);	/* and the loop */
	ck_assert_int_eq(seen.counters, 6);
	ck_assert_int_eq(seen.instants, 7);	/* made, done, the request */
	/* Created and woken: each task runs twice. */
	ck_assert_int_eq(seen.starts, 6);
	ck_assert_ptr_nonnull(strstr(bytes, "\"ts\":0.000,\"dur\":2000000.000,"
	    "\"name\":\"sleep\""));
	ck_assert_ptr_nonnull(strstr(bytes,
	    "\"name\":\"back\\\\slash \\u000a\\u00ff\""));
	ck_assert_ptr_nonnull(strstr(bytes, "\"name\":\"await "
	    "<- first \\\"task\\\"(1)\""));
	free(bytes);
	for (size_t i = 0; i < COUNT(tasks); i++)
		evtask_unref(tasks[i]);
}
END_TEST

START_TEST(a_trace_may_begin_in_the_middle)
{
	char *bytes;

	ck_assert_int_eq(evtask_trace_start(loop, 8), 0);
	for (int i = 0; i < 100; i++)
		spawn(sleep_seconds, (void *)(intptr_t)(i % 3));
	run_dry();
	bytes = trace_text();
	check_trace(bytes);
	ck_assert_int_gt(seen.slices, 0);
	free(bytes);
}
END_TEST

START_TEST(what_began_before_the_records_is_in_it)
{
	static const struct evtask_trace_record made[] = {
		{ .ts_ns = 1000000, .task = 7, .type = EVTASK_TRACE_WAITS,
		  .op = "lock.acquire", .name = "db", .other = 1 },
		{ .ts_ns = 2000000, .task = 8, .type = EVTASK_TRACE_WOKEN },
		{ .seq = 5, .ts_ns = 5000000, .task = 9,
		  .type = EVTASK_TRACE_WOKEN, .other = 7, .name = "nine" },
		{ .seq = 6, .ts_ns = 6000000, .task = 9,
		  .type = EVTASK_TRACE_DONE, .op = "returned",
		  .name = "n\xc3\xa4" },
	};
	struct evtask_trace_facts facts = { .name = name_of,
	    .now_ns = 9000000, .now_us = 100000 };
	char *bytes = write_trace(made, COUNT(made), &facts);

	check_trace(bytes);
	ck_assert_ptr_nonnull(strstr(bytes, "{\"evtask\":1,"
	    "\"until\":4000.000,\"from_us\":96000}"));
	ck_assert_ptr_nonnull(strstr(bytes, "\"tid\":7,\"cat\":\"wait\","
	    "\"ts\":0.000,\"dur\":4000.000,\"name\":\"lock.acquire db <- "
	    "first \\\"task\\\"(1)\",\"args\":{\"op\":\"lock.acquire\","
	    "\"on\":\"db\",\"owner\":1,\"before_us\":4000}"));
	ck_assert_ptr_nonnull(strstr(bytes, "\"tid\":8,\"cat\":\"ready\","
	    "\"ts\":0.000,\"dur\":4000.000"));
	/* Of those that were alive, one is no more. */
	ck_assert_ptr_nonnull(strstr(bytes, "{\"alive\":2}"));
	ck_assert_ptr_nonnull(strstr(bytes, "\"name\":\"n\xc3\xa4\""));
	free(bytes);
}
END_TEST

START_TEST(an_empty_trace_is_a_trace)
{
	char *bytes = trace_text();

	check_trace(bytes);
	ck_assert_int_eq(seen.names, 1);
	free(bytes);
	ck_assert_int_eq(evtask_trace_write(NULL, records, 0, NULL), -EINVAL);
}
END_TEST

static int
spin_a_while(void *arg)
{
	int64_t until_us = evtask_loop_time_us(loop) + 210000;

	(void)arg;
	while (evtask_loop_time_us(loop) < until_us)
		;
	return 0;
}

START_TEST(real_time_is_measured_and_long_runs_are_stalls)
{
	char *bytes;
	struct evtask *task;
	size_t n;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	trace();
	task = start(spin_a_while, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	n = evtask_trace_read(loop, 0, records, COUNT(records));
	for (size_t i = 1; i < n; i++)
		ck_assert_int_ge(records[i].ts_ns, records[i - 1].ts_ns);
	bytes = trace_text();
	check_trace(bytes);
	ck_assert_ptr_nonnull(strstr(bytes, "\"name\":\"stall\""));
	free(bytes);
	evtask_unref(task);
}
END_TEST

/* Runs twice, for a while each, with a pause between. */
static int
spin_twice(void *arg)
{
	int64_t *ret_busy_us = arg;
	int r;

	spin_a_while(NULL);
	r = evtask_sleep(100000);
	if (r < 0)
		return r;
	spin_a_while(NULL);
	*ret_busy_us = evtask_busy_us(evtask_current_task());
	return 0;
}

/* How much of the time the task was not seen to run. */
static int64_t
idle_while_it_spins(void)
{
	struct evtask *task;
	int64_t busy_us = 0, began_us = evtask_loop_time_us(loop);

	task = start(spin_twice, &busy_us);
	ck_assert_int_eq(evtask_busy_us(task), -1);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	/* The rate of the clock's ticks is measured meanwhile: a little off. */
	ck_assert_int_ge(busy_us, 2 * 200000);
	ck_assert_int_eq(evtask_busy_us(task), -1);
	evtask_unref(task);
	return evtask_loop_time_us(loop) - began_us - busy_us;
}

/* Where the machine stands still as the task is about to sleep, or wakes, it
 * seems to run: not each time. */
START_TEST(how_long_a_task_has_run_is_known)
{
	int64_t most_us = 0, us;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	trace();
	for (int i = 0; i < 20 && most_us < 90000; i++) {
		us = idle_while_it_spins();
		most_us = us > most_us ? us : most_us;
	}
	ck_assert_int_ge(most_us, 90000);
}
END_TEST

START_TEST(what_is_not_recorded_is_not_measured)
{
	int64_t busy_us = 0;
	struct evtask *task;

	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	task = start(spin_twice, &busy_us);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert_int_eq(busy_us, -1);
	ck_assert_int_eq(evtask_busy_us(NULL), -1);
	evtask_unref(task);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	FILE *full = fopen("/dev/full", "w");

	if (full == NULL)
		return;
	setvbuf(full, NULL, _IONBF, 0);
	ck_assert_int_eq(evtask_trace_write(full, records, 0, NULL), -EIO);
	fclose(full);
}
END_TEST

CORE_SUITE("trace",
    a_life_is_recorded,
    waits_say_what_for_and_ends_how,
    the_oldest_are_overwritten,
    on_and_off,
    a_trace_is_what_chrome_takes,
    a_trace_may_begin_in_the_middle,
    what_began_before_the_records_is_in_it,
    an_empty_trace_is_a_trace,
    real_time_is_measured_and_long_runs_are_stalls,
    how_long_a_task_has_run_is_known, what_is_not_recorded_is_not_measured,
    a_full_disk_is_told)
