/* Deadlines in a random course, against a naive list of them. */
#include "tests/timers.h"

enum { TIMES = 40 };		/* deadlines, of which many are equal */

/* A list without order. */
static struct {
	int64_t when_us;
	long order;		/* 0: not armed */
} model[MANY];
static long model_order;

static int
model_first(void)
{
	int first = -1;

	for (int i = 0; i < MANY; i++)
		if (model[i].order > 0 && (first < 0 ||
		    model[i].when_us < model[first].when_us ||
		    (model[i].when_us == model[first].when_us &&
		    model[i].order < model[first].order)))
			first = i;
	return first;
}

static bool
is_vacant(uint32_t at)
{
	return timers.round[0][at].order == UINT64_MAX;
}

static bool
is_after(const struct timer *a, const struct timer *b)
{
	return a->when_us != b->when_us ? a->when_us > b->when_us :
	    a->order > b->order;
}

/* A place knows its owner, and none that has a part is before who has won, but
 * perhaps the first, who is known.
 * Not asserted one by one, which takes long. */
static bool
stands_right(uint32_t at)
{
	const struct timer *timer = &timers.round[0][at];
	bool right = is_vacant(at) || (timer->runs->armed &&
	    !timer->runs->queued && timer->runs->slot == at &&
	    timer->when_us >= timers.first_us);
	uint32_t match = at;

	if (at == timers.first || at >= timers.played)
		return right;
	for (int round = 1; round <= timers.final; round++)
		right &= !is_after(&timers.round[round][match /= 8], timer);
	return right;
}

static uint32_t
count_vacant(void)
{
	uint32_t n = 0;

	for (uint32_t at = timers.vacant; at != TIMERS_UNKNOWN;
	    at = (uint32_t)timers.round[0][at].place)
		n += is_vacant(at);
	return n;
}

/* What timers.c says of itself. */
static void
check_invariants(void)
{
	uint32_t armed = 0, right = 0;

	for (uint32_t at = 0; at < timers.n; at++) {
		right += stands_right(at);
		armed += !is_vacant(at);
	}
	ck_assert_uint_eq(right, timers.n);
	ck_assert_uint_eq(timers_armed(&timers), armed);
	ck_assert_uint_eq(timers.n - armed, count_vacant());
	ck_assert(timers.first == TIMERS_UNKNOWN ||
	    timers.round[0][timers.first].when_us == timers.first_us);
	ck_assert_uint_le(timers.played, timers.n);
	ck_assert_uint_le(timers.capacity, 2 * MANY);
}

static void
check_first(void)
{
	int want = model_first();

	ck_assert_int_eq(timers_first_us(&timers), want < 0 ? INT64_MAX :
	    model[want].when_us);
	ck_assert_ptr_eq(timers_any(&timers), want < 0 ? NULL : &items[want]);
}

static void
arm_or_move(int i, int64_t when_us)
{
	if (model[i].order > 0)
		timers_move(&timers, &items[i], when_us);
	else
		add(i, when_us);
	model[i].when_us = when_us;
	model[i].order = ++model_order;
	ck_assert_int_eq(timers_when_us(&timers, &items[i]), when_us);
}

static void
disarm(int i)
{
	if (model[i].order > 0)
		timers_remove(&timers, &items[i]);
	ck_assert(!items[i].armed);
	model[i].order = 0;
}

static void
expire(int64_t now_us)
{
	struct ready ready;
	struct runnable *r;
	int want;

	ck_assert_int_eq(ready_init(&ready), 0);
	ck_assert_int_eq(ready_reserve(&ready, MANY), 0);
	timers_expire(&timers, now_us, &ready);
	ready_begin_turn(&ready);
	while ((want = model_first()) >= 0 && model[want].when_us <= now_us) {
		r = ready_peek(&ready);
		ck_assert_ptr_eq(r, &items[want]);
		ready_take(&ready, r);
		model[want].order = 0;
	}
	ck_assert_ptr_null(ready_peek(&ready));
	ready_release(&ready);
}

/* Many of them, as a storm of clients would. */
static void
arm_many(int from, int64_t now_us)
{
	for (int i = from; i < MANY; i++)
		arm_or_move(i, now_us + rand() % TIMES);
}

static void
disarm_many(int from)
{
	for (int i = from; i < MANY; i++)
		disarm(i);
}

START_TEST(a_random_course_agrees_with_a_naive_list)
{
	int64_t now_us = 0;

	memset(model, 0, sizeof model);
	srand((unsigned int)_i);
	for (long step = 0; step < 6000; step++) {
		int i = rand() % MANY;

		switch (rand() % 64) {
		case 0: check_first(); break;
		case 1: expire(now_us += rand() % 3); break;
		case 2: timers_trim(&timers); break;
		case 3: disarm(model_first() < 0 ? i : model_first()); break;
		case 4:
			if (rand() % 8 == 0)
				arm_many(i, now_us);
			break;
		case 5:
			if (rand() % 4 == 0)
				disarm_many(i);
			break;
		default:
			if (rand() % 3 == 0)
				disarm(i);
			else
				arm_or_move(i, rand() % 50 == 0 ? INT64_MAX :
				    now_us + rand() % TIMES);
		}
		check_invariants();
	}
	while (model_first() >= 0)
		disarm(model_first());
	check_first();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("a course of timers");
	TCase *tc = tcase_create("a course of timers");

	tcase_add_checked_fixture(tc, timers_setup, timers_teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_random_course_agrees_with_a_naive_list, 0,
	    20);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
