/* Durations for people. */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include "tests/suite.h"

#define SECOND INT64_C(1000000)

static const struct {
	const char *text;
	int64_t us; /* or a negative errno */
} cases[] = {
	{ "0", 0 }, { "90", 90 * SECOND }, { "0.5", SECOND / 2 },
	{ "1h30m", 5400 * SECOND }, { "2d 12h", 216000 * SECOND },
	{ "1.5s", 3 * SECOND / 2 }, { "250ms", SECOND / 4 }, { "7us", 7 },
	{ "1w", 604800 * SECOND }, { "3min", 180 * SECOND },
	{ "3sec", 3 * SECOND }, { "0.25h", 900 * SECOND },
	{ "1m500ms", 60 * SECOND + SECOND / 2 }, { "0s", 0 },
	{ "0.0000019", 1 }, { "9007199254740991us", EVTASK_CTL_INT_MAX },
	{ "", -EINVAL }, { " ", -EINVAL }, { "h", -EINVAL },
	{ "-1", -EINVAL }, { "+1", -EINVAL }, { "1.", -EINVAL },
	{ ".5", -EINVAL }, { "1e3", -EINVAL }, { "1h30", -EINVAL },
	{ "30 1h", -EINVAL }, { "30m1h", -EINVAL }, { "5s5s", -EINVAL },
	{ "1h ", -EINVAL }, { " 1h", -EINVAL }, { "1h  2m", -EINVAL },
	{ "1 h", -EINVAL }, { "1H", -EINVAL }, { "1hour", -EINVAL },
	{ "1y", -EINVAL }, { "soon", -EINVAL }, { "1s2", -EINVAL },
	{ "9007199254740992us", -ERANGE }, { "15000w", -ERANGE },
	{ "99999999999999999999999", -ERANGE },
};

START_TEST(parses)
{
	int64_t us = -1;
	int r = evtask_ctl_duration_parse(cases[_i].text, &us);

	if (cases[_i].us < 0) {
		ck_assert_msg(r == cases[_i].us, "%s: %d", cases[_i].text, r);
		ck_assert_int_eq(us, -1);
	} else {
		ck_assert_msg(r == 0, "%s: %d", cases[_i].text, r);
		ck_assert_int_eq(us, cases[_i].us);
	}
}
END_TEST

START_TEST(formats_what_parses_to_the_same)
{
	static const int64_t samples[] = { 0, 1, 999, 1000, 1001, SECOND,
		90 * SECOND, 5400 * SECOND, 86400 * SECOND + 1,
		EVTASK_CTL_INT_MAX };
	char text[EVTASK_CTL_DURATION_SIZE];
	int64_t us;
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		evtask_ctl_duration_format(samples[i], text);
		ck_assert_int_eq(evtask_ctl_duration_parse(text, &us), 0);
		ck_assert_int_eq(us, samples[i]);
	}
}
END_TEST

START_TEST(formats_for_people)
{
	char t[EVTASK_CTL_DURATION_SIZE];

	ck_assert_str_eq(evtask_ctl_duration_format(0, t), "0s");
	ck_assert_str_eq(evtask_ctl_duration_format(5400 * SECOND, t),
	    "1h30m");
	ck_assert_str_eq(evtask_ctl_duration_format(-SECOND / 4, t),
	    "-250ms");
	ck_assert_str_eq(evtask_ctl_duration_format(INT64_MIN, t),
	    "-106751991d4h54s775ms808us");
}
END_TEST

static int
value_of(struct json_object *value, int64_t *us)
{
	int r = evtask_ctl_duration_value(value, us);

	json_object_put(value);
	return r;
}

START_TEST(a_json_value_is_seconds_or_a_text)
{
	int64_t us;

	ck_assert_int_eq(value_of(json_object_new_int(90), &us), 0);
	ck_assert_int_eq(us, 90 * SECOND);
	ck_assert_int_eq(value_of(json_object_new_double(0.1), &us), 0);
	ck_assert_int_eq(us, SECOND / 10);
	ck_assert_int_eq(value_of(json_object_new_string("2m"), &us), 0);
	ck_assert_int_eq(us, 120 * SECOND);
	ck_assert_int_eq(value_of(json_object_new_int(-1), &us), -EINVAL);
	ck_assert_int_eq(value_of(json_object_new_double(1e300), &us),
	    -ERANGE);
	ck_assert_int_eq(value_of(json_object_new_boolean(1), &us), -EINVAL);
	ck_assert_int_eq(value_of(NULL, &us), -EINVAL);
	ck_assert_int_eq(value_of(json_object_new_string_len("2m\0", 3), &us),
	    -EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("duration");
	TCase *tc = tcase_create("duration");

	tcase_add_loop_test(tc, parses, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, formats_what_parses_to_the_same);
	tcase_add_test(tc, formats_for_people);
	tcase_add_test(tc, a_json_value_is_seconds_or_a_text);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
