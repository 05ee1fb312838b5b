/* Values: what they own, and who lets go of it. */
#include "core/value.h"

#include "tests/core.h"

/* A type of the program's own, that counts. */
static int refs;

static void
counted_ref(void *p)
{
	ck_assert_ptr_eq(p, &refs);
	refs++;
}

static void
counted_unref(void *p)
{
	ck_assert_ptr_eq(p, &refs);
	refs--;
}

static const struct evtask_type counted_type = {
	.name = "counted", .ref = counted_ref, .unref = counted_unref,
};

static struct evtask_value
counted(void)
{
	refs++;
	return (struct evtask_value){ .type = &counted_type, .u.p = &refs };
}

START_TEST(none_is_a_value_without_a_type)
{
	struct evtask_value v = evtask_value_none();

	ck_assert_ptr_null(v.type);
	ck_assert_ptr_null(evtask_value_text(v));
	evtask_value_unref(evtask_value_ref(v));
}
END_TEST

START_TEST(words_are_what_they_were)
{
	int i;

	ck_assert(evtask_value_bool(true).u.b);
	ck_assert_ptr_eq(evtask_value_bool(true).type, &evtask_type_bool);
	ck_assert_int_eq(evtask_value_int(INT64_MIN).u.i, INT64_MIN);
	ck_assert_ptr_eq(evtask_value_int(0).type, &evtask_type_int);
	ck_assert_ptr_eq(evtask_value_pointer(&i).u.p, &i);
	ck_assert_ptr_eq(evtask_value_pointer(&i).type, &evtask_type_pointer);
	evtask_value_unref(evtask_value_ref(evtask_value_pointer(&i)));
}
END_TEST

START_TEST(a_literal_is_the_very_text)
{
	static const char text[] = "hello";
	struct evtask_value v = evtask_value_literal(text);

	ck_assert_ptr_eq(evtask_value_text(v), text);
	ck_assert_str_eq(v.type->name, "string");
	evtask_value_unref(evtask_value_ref(v));
}
END_TEST

START_TEST(a_string_is_a_copy)
{
	char text[] = "hello";
	struct evtask_value v;

	ck_assert_int_eq(evtask_value_string(text, &v), 0);
	text[0] = 'j';
	ck_assert_str_eq(evtask_value_text(v), "hello");
	ck_assert_str_eq(v.type->name, "string");
	evtask_value_unref(v);
}
END_TEST

START_TEST(a_string_is_shared_and_lives_as_long_as_its_last_holder)
{
	struct evtask_value v, again;

	ck_assert_int_eq(evtask_value_string("hello", &v), 0);
	again = evtask_value_ref(v);
	ck_assert_ptr_eq(evtask_value_text(again), evtask_value_text(v));
	evtask_value_unref(v);
	ck_assert_str_eq(evtask_value_text(again), "hello");
	evtask_value_unref(again);
}
END_TEST

START_TEST(an_empty_string_is_a_string)
{
	struct evtask_value v;

	ck_assert_int_eq(evtask_value_string("", &v), 0);
	ck_assert_str_eq(evtask_value_text(v), "");
	evtask_value_unref(v);
}
END_TEST

START_TEST(formatting_takes_text_of_any_length)
{
	static char dots[100000];
	struct evtask_value v;

	memset(dots, '.', sizeof dots - 1);
	ck_assert_int_eq(evtask_value_format(&v, "%d%s%s", 42, dots, "!"), 0);
	ck_assert_uint_eq(strlen(evtask_value_text(v)), 2 + 99999 + 1);
	ck_assert_int_eq(strncmp(evtask_value_text(v), "42..", 4), 0);
	evtask_value_unref(v);
}
END_TEST

START_TEST(only_text_has_a_text)
{
	ck_assert_ptr_null(evtask_value_text(evtask_value_int(1)));
	ck_assert_ptr_null(evtask_value_text(evtask_value_pointer(said)));
}
END_TEST

START_TEST(a_type_of_ones_own_is_asked_to_count)
{
	struct evtask_value v = counted();

	ck_assert_int_eq(refs, 1);
	evtask_value_ref(v);
	ck_assert_int_eq(refs, 2);
	evtask_value_unref(v);
	evtask_value_unref(v);
	ck_assert_int_eq(refs, 0);
}
END_TEST

START_TEST(a_type_of_ones_own_may_own_nothing)
{
	static const struct evtask_type bare = { .name = "bare" };
	struct evtask_value v = { .type = &bare };

	evtask_value_unref(evtask_value_ref(v));
}
END_TEST

START_TEST(an_error_is_a_value_that_shares_it)
{
	struct evtask_error *e = evtask_error_new(-ENOENT, NULL, "gone");
	struct evtask_value v = { .type = &evtask_type_error, .u.e = e };

	evtask_value_ref(v);
	evtask_value_unref(v);
	ck_assert_str_eq(evtask_error_message(v.u.e), "gone");
	evtask_value_unref(v);
}
END_TEST

START_TEST(a_list_owns_its_elements)
{
	struct evtask_value list, *values = value_list_new(3, &list);

	ck_assert_ptr_nonnull(values);
	ck_assert_uint_eq(list.u.l->n, 3);
	ck_assert_ptr_eq(list.u.l->values, values);
	ck_assert_ptr_null(values[2].type);
	values[0] = counted();
	values[1] = counted();
	evtask_value_ref(list);
	evtask_value_unref(list);
	ck_assert_int_eq(refs, 2);
	evtask_value_unref(list);
	ck_assert_int_eq(refs, 0);
}
END_TEST

START_TEST(lists_nest)
{
	struct evtask_value inner, outer, *values;

	values = value_list_new(1, &inner);
	values[0] = counted();
	values = value_list_new(1, &outer);
	values[0] = inner;
	evtask_value_unref(outer);
	ck_assert_int_eq(refs, 0);
}
END_TEST

static int
return_counted(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_return(counted()), 0);
	return evtask_return(counted());
}

START_TEST(a_task_owns_what_it_returns_and_only_the_last_of_it)
{
	struct evtask *task = start(return_counted, NULL);

	run_dry();
	ck_assert_int_eq(refs, 1);
	evtask_unref(task);
	ck_assert_int_eq(refs, 0);
}
END_TEST

static int
return_and_raise(void *arg)
{
	(void)arg;
	(void)evtask_return(counted());
	return -EIO;
}

START_TEST(what_a_task_left_before_it_raised_is_let_go)
{
	struct evtask *task = start(return_and_raise, NULL);

	run_dry();
	ck_assert_int_eq(refs, 0);
	ck_assert_int_eq(outcome(task), -EIO);
	evtask_unref(task);
}
END_TEST

START_TEST(a_value_returned_outside_a_task_is_let_go)
{
	ck_assert_int_eq(evtask_return(counted()), -EINVAL);
	ck_assert_int_eq(refs, 0);
}
END_TEST

CORE_SUITE("value",
    none_is_a_value_without_a_type,
    words_are_what_they_were,
    a_literal_is_the_very_text,
    a_string_is_a_copy,
    a_string_is_shared_and_lives_as_long_as_its_last_holder,
    an_empty_string_is_a_string,
    formatting_takes_text_of_any_length,
    only_text_has_a_text,
    a_type_of_ones_own_is_asked_to_count,
    a_type_of_ones_own_may_own_nothing,
    an_error_is_a_value_that_shares_it,
    a_list_owns_its_elements,
    lists_nest,
    a_task_owns_what_it_returns_and_only_the_last_of_it,
    what_a_task_left_before_it_raised_is_let_go,
    a_value_returned_outside_a_task_is_let_go)
