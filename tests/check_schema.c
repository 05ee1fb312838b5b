/* The tables: what they say is complete, and true of themselves. */
#include <evtask/ctl.h>
#include <stdio.h>
#include <string.h>
#include "lib/ctl/check.h"
#include "lib/ctl/fault.h"
#include "lib/ctl/rows.h"
#undef JSON
#include "tests/json.h"
#include "tests/suite.h"

#define for_each_method(m) \
	for (m = evtask_ctl_methods(); m->name != NULL; m++)

START_TEST(every_method_is_described)
{
	const struct evtask_ctl_method *m;

	for_each_method(m) {
		ck_assert_str_ne(m->summary, "");
		ck_assert_int_ne(m->summary[strlen(m->summary) - 1], '.');
		ck_assert_int_eq(m->doc[strlen(m->doc) - 1], '.');
		ck_assert_ptr_eq(evtask_ctl_method_find(m->name), m);
	}
	ck_assert_ptr_null(evtask_ctl_method_find("rpc.nothing"));
}
END_TEST

static void
check_described(const struct evtask_ctl_field *fields)
{
	const struct evtask_ctl_field *f;

	for (f = fields; f->name != NULL; f++) {
		ck_assert_msg(f->doc != NULL && *f->doc != '\0', "%s",
		    f->name);
		ck_assert_ptr_eq(evtask_ctl_field_find(fields, f->name), f);
		ck_assert_msg(f->initial == NULL || f->optional, "%s",
		    f->name);
	}
}

START_TEST(every_field_is_described_once)
{
	const struct evtask_ctl_method *m;
	const struct evtask_ctl_shape *s;
	const struct evtask_ctl_event *e;
	const struct evtask_ctl_notice *n;

	for_each_method(m) {
		check_described(m->params);
		check_described(m->result);
	}
	for (s = evtask_ctl_shapes(); s->name != NULL; s++)
		check_described(s->fields);
	for (e = evtask_ctl_events(); e->name != NULL; e++)
		check_described(e->data);
	for (n = evtask_ctl_notices(); n->name != NULL; n++)
		check_described(n->params);
}
END_TEST


static void
check_example(const char *name, const struct evtask_ctl_field *fields,
    const char *example)
{
	struct json_object *value = json(example);
	struct fault fault = {0};

	ck_assert_msg(check_fields(fields, value, &fault),
	    "%s: %s must be %s, not %s", name, fault.path,
	    fault.expected.bytes, fault.got.bytes);
	json_object_put(value);
}

START_TEST(every_example_passes_its_own_rows)
{
	const struct evtask_ctl_method *m;

	for_each_method(m) {
		check_example(m->name, m->params, m->example_params);
		check_example(m->name, m->result, m->example_result);
	}
}
END_TEST

START_TEST(every_default_passes_its_own_row)
{
	const struct evtask_ctl_method *m;
	struct json_object *params, *error;

	for_each_method(m) {
		params = json(m->example_params);
		ck_assert_int_eq(evtask_ctl_fill_params(m, params), 0);
		ck_assert_int_eq(evtask_ctl_check_params(m, params, &error),
		    0);
		json_object_put(params);
	}
}
END_TEST

START_TEST(filling_adds_defaults_and_leaves_what_is_there)
{
	struct json_object *params = json(JSON({"tasks": [1], "mode": "any"}));

	ck_assert_int_eq(evtask_ctl_fill_params(
	    evtask_ctl_method_find("task.wait"), params), 0);
	ck_assert_json(params, JSON({"tasks": [1], "mode": "any"}));
	json_object_put(params);

	params = json("{}");
	ck_assert_int_eq(evtask_ctl_fill_params(
	    evtask_ctl_method_find("task.list"), params), 0);
	ck_assert_json(params, JSON({"warned": false, "sort": "id",
	    "limit": 100}));
	json_object_put(params);
}
END_TEST

START_TEST(every_error_that_a_method_names_has_a_row)
{
	const struct evtask_ctl_method *m;
	const struct evtask_ctl_error *e;
	const char *const *name;

	for_each_method(m)
		for (name = m->errors; *name != NULL; name++) {
			e = evtask_ctl_error_find(*name);
			ck_assert_msg(e != NULL, "%s: %s", m->name, *name);
			ck_assert_msg(!e->general, "%s", *name);
		}
	for (e = evtask_ctl_errors(); e->name != NULL; e++)
		ck_assert_ptr_eq(evtask_ctl_error_find(e->name), e);
}
END_TEST

START_TEST(sub_open_takes_exactly_the_events_that_have_a_row)
{
	const struct evtask_ctl_field *types = evtask_ctl_field_find(
	    evtask_ctl_method_find("sub.open")->params, "types");
	const char *const *type = types->item->values;
	const struct evtask_ctl_event *e;

	for (e = evtask_ctl_events(); e->name != NULL; e++, type++) {
		ck_assert_str_eq(*type, e->name);
		ck_assert_ptr_eq(evtask_ctl_event_find(*type), e);
	}
	ck_assert_ptr_null(*type);
	ck_assert_ptr_null(evtask_ctl_event_find("task.exploded"));
}
END_TEST

START_TEST(roles_are_ordered_and_named)
{
	ck_assert_int_lt(EVTASK_CTL_VIEWER, EVTASK_CTL_OPERATOR);
	ck_assert_int_lt(EVTASK_CTL_OPERATOR, EVTASK_CTL_ADMIN);
	ck_assert_str_eq(evtask_ctl_role_name(EVTASK_CTL_VIEWER), "viewer");
	ck_assert_str_eq(evtask_ctl_role_name(EVTASK_CTL_OPERATOR),
	    "operator");
	ck_assert_str_eq(evtask_ctl_role_name(EVTASK_CTL_ADMIN), "admin");
}
END_TEST

static int
count_refs(const char *text, struct json_object *schemas)
{
	static const char before[] = "\"#/components/schemas/";
	char name[64];
	int n = 0;

	while ((text = strstr(text, before)) != NULL) {
		text += sizeof(before) - 1;
		ck_assert_int_eq(sscanf(text, "%63[A-Za-z]", name), 1);
		ck_assert_msg(json_object_object_get_ex(schemas, name, NULL),
		    "%s", name);
		n++;
	}
	return n;
}

START_TEST(discover_is_openrpc_and_its_references_resolve)
{
	struct json_object *doc = evtask_ctl_discover("t", "1");
	struct json_object *methods, *components, *schemas;
	const struct evtask_ctl_method *m;
	size_t n = 0, size;
	char *line;

	ck_assert_str_eq(at(doc, "openrpc", NULL), "1.3.2");
	ck_assert_str_eq(at(doc, "info", "title"), "t");
	ck_assert(json_object_object_get_ex(doc, "methods", &methods));
	for_each_method(m)
		ck_assert_str_eq(at(json_object_array_get_idx(methods, n++),
		    "name", NULL), m->name);
	ck_assert_uint_eq(json_object_array_length(methods), n);

	json_object_object_get_ex(doc, "components", &components);
	json_object_object_get_ex(components, "schemas", &schemas);
	ck_assert_int_eq(evtask_ctl_encode(doc, &line, &size), 0);
	ck_assert_uint_lt(size, EVTASK_CTL_FRAME_MAX);
	ck_assert_int_gt(count_refs(line, schemas), 20);
	free(line);
	json_object_put(doc);
}
END_TEST

START_TEST(an_error_speaks_with_the_members_it_carries)
{
	struct json_object *members = json(JSON({"task": 7}));
	struct json_object *e = evtask_ctl_error_new("TaskNotDone", members);

	ck_assert_json(e, JSON({"code": 1002,
	    "message": "task 7 is not done yet", "data": {"task": 7,
	    "name": "TaskNotDone",
	    "hint": "wait for it with \"evtask wait 7\""}}));
	json_object_put(e);
}
END_TEST

START_TEST(an_error_may_bring_its_own_words)
{
	struct json_object *e = evtask_ctl_error_new("InternalError",
	    json(JSON({"message": "the disk is full", "hint": "free some"})));

	ck_assert_json(e, JSON({"code": -32603, "message": "the disk is full",
	    "data": {"name": "InternalError", "hint": "free some"}}));
	json_object_put(e);
}
END_TEST

START_TEST(an_error_of_no_known_name_is_internal)
{
	struct json_object *e = evtask_ctl_error_new("Oops", NULL);

	ck_assert_str_eq(at(e, "data", "name"), "InternalError");
	json_object_put(e);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("schema");
	TCase *tc = tcase_create("schema");

	tcase_add_test(tc, every_method_is_described);
	tcase_add_test(tc, every_field_is_described_once);
	tcase_add_test(tc, every_example_passes_its_own_rows);
	tcase_add_test(tc, every_default_passes_its_own_row);
	tcase_add_test(tc, filling_adds_defaults_and_leaves_what_is_there);
	tcase_add_test(tc, every_error_that_a_method_names_has_a_row);
	tcase_add_test(tc, sub_open_takes_exactly_the_events_that_have_a_row);
	tcase_add_test(tc, roles_are_ordered_and_named);
	tcase_add_test(tc, discover_is_openrpc_and_its_references_resolve);
	tcase_add_test(tc, an_error_speaks_with_the_members_it_carries);
	tcase_add_test(tc, an_error_may_bring_its_own_words);
	tcase_add_test(tc, an_error_of_no_known_name_is_internal);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
