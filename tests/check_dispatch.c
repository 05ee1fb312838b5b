/* Dispatch: every method is served, and what is wrong changes nothing. */
#include "lib/console/dispatch.h"
#include "lib/console/notice.h"
#include "lib/console/view.h"
#include "tests/console_fixture.h"

START_TEST(every_method_of_the_schema_has_a_handler)
{
	const struct evtask_ctl_method *m;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		ck_assert_msg(dispatch_handler(m->name) != NULL, "%s",
		    m->name);
	ck_assert_ptr_null(dispatch_handler("rpc.nothing"));
}
END_TEST

/* A value of a type that the field does not take. */
static const char *
wrong_value(const struct evtask_ctl_field *field)
{
	switch (field->type) {
	case EVTASK_CTL_BOOL:
	case EVTASK_CTL_ARRAY:
	case EVTASK_CTL_OBJECT:
		return "7";
	case EVTASK_CTL_INT:
		return "1.5";
	case EVTASK_CTL_TEXT:
	case EVTASK_CTL_BASE64:
		return "{}";
	case EVTASK_CTL_TASK:
	case EVTASK_CTL_ID:
		return "[]";
	case EVTASK_CTL_ANY:
		break;
	}
	return NULL;
}

/* Everything a request could change. */
struct sight {
	uint64_t seq, created;
	size_t tasks, done, subscriptions, deferred;
	int shutdowns;
};

static struct sight
look(void)
{
	struct sight sight;

	memset(&sight, 0, sizeof(sight)); /* its padding, too: see memcmp */
	sight.seq = console->ring.seq;
	sight.created = console->registry.created;
	sight.tasks = console->registry.count;
	sight.done = console->registry.count_done;
	sight.subscriptions = console->sessions.subscriptions;
	sight.deferred = console->sessions.deferred;
	sight.shutdowns = shutdowns;
	return sight;
}

/* The example of a method with one member replaced or (value NULL) gone. */
static char *
spoiled(const struct evtask_ctl_method *m, const char *key, const char *value)
{
	struct json_object *params = json(m->example_params);
	char *text;

	json_object_object_del(params, key);
	if (value != NULL)
		json_object_object_add(params, key, json(value));
	text = strdup(json_object_to_json_string(params));
	json_object_put(params);
	return text;
}

static void
assert_refused(int fd, const struct evtask_ctl_method *m, const char *key,
    const char *value)
{
	char *params = spoiled(m, key, value);
	struct sight before = look(), after;
	struct json_object *reply = ask(fd, m->name, params);

	ck_assert_msg(strcmp(member(reply, "error.data.name"),
	    "InvalidParams") == 0, "%s %s", m->name, params);
	ck_assert_str_eq(member(reply, "error.data.path"), key);
	turns(3);
	after = look();
	ck_assert_msg(memcmp(&before, &after, sizeof(before)) == 0,
	    "%s %s has changed something", m->name, params);
	json_object_put(reply);
	free(params);
}

START_TEST(a_wrong_type_an_unknown_or_a_missing_member_changes_nothing)
{
	const struct evtask_ctl_method *m;
	const struct evtask_ctl_field *f;
	int fd = client_new();

	own_task("nap", 60000000);
	turns(3);
	for (m = evtask_ctl_methods(); m->name != NULL; m++) {
		assert_refused(fd, m, "unheard_of", "1");
		for (f = m->params; f->name != NULL; f++) {
			if (wrong_value(f) != NULL)
				assert_refused(fd, m, f->name,
				    wrong_value(f));
			if (!f->nullable && f->type != EVTASK_CTL_ANY)
				assert_refused(fd, m, f->name, "null");
			if (!f->optional)
				assert_refused(fd, m, f->name, NULL);
		}
	}
}
END_TEST

/* A list, or a map, of one more than it may have. */
static char *
one_too_many(const struct evtask_ctl_field *field)
{
	bool list = field->type == EVTASK_CTL_ARRAY;
	struct json_object *o = list ? json_object_new_array()
	    : json_object_new_object(), *value;
	char key[24], *text;
	int64_t i;

	for (i = 0; i <= field->max; i++) {
		if (field->item->type == EVTASK_CTL_TASK)
			value = json_object_new_int(1);
		else
			value = json_object_new_string(field->item->values
			    != NULL ? field->item->values[0] : "x");
		snprintf(key, sizeof(key), "k%d", (int)i);
		if (list)
			json_object_array_add(o, value);
		else
			json_object_object_add(o, key, value);
	}
	text = strdup(json_object_to_json_string(o));
	json_object_put(o);
	return text;
}

/* Of base64, one byte more than it may stand for. */
static char *
one_byte_too_many(const struct evtask_ctl_field *field)
{
	size_t size = (size_t)(field->max / 3 + 1) * 4;
	char *text = malloc(size + 3);

	memset(text, 'A', size + 2);
	text[0] = text[size + 1] = '"';
	text[size + 2] = '\0';
	return text;
}

/* Values of the right type, and one too little or too much; NULL: no more.
 * The caller's to free(). */
static char *
value_out_of_range(const struct evtask_ctl_field *field, int i)
{
	static const char *const refs[] = { "0", "-1", "\"\"",
		"9007199254740992", "1e3", NULL };
	char *value = NULL;
	size_t size;

	switch (field->type) {
	case EVTASK_CTL_INT:
		if (i < 2)
			ck_assert_int_gt(asprintf(&value, "%lld", (long long)
			    (i == 0 ? field->min - 1 : field->max + 1)), 0);
		break;
	case EVTASK_CTL_TEXT:
		if (field->values != NULL)
			return i == 0 ? strdup("\"no such word\"") : NULL;
		if (i == 0 && field->min > 0)
			return strdup("\"\"");
		if (i > 1 || i < (field->min > 0))
			return NULL;
		size = (size_t)field->max + 1;
		value = malloc(size + 3);
		memset(value, 'x', size + 2);
		value[0] = value[size + 1] = '"';
		value[size + 2] = '\0';
		break;
	case EVTASK_CTL_BASE64:
		return i == 0 ? strdup("\"aGk\"") : i == 1
		    ? strdup("\"a-_=\"") : i == 2
		    ? one_byte_too_many(field) : NULL;
	case EVTASK_CTL_TASK:
		return refs[i] != NULL ? strdup(refs[i]) : NULL;
	case EVTASK_CTL_ID:
		return i == 0 ? strdup("9007199254740992") : i == 1
		    ? strdup("0.5") : NULL;
	case EVTASK_CTL_ARRAY:
	case EVTASK_CTL_OBJECT:
		if (field->item == NULL)
			break;
		i += field->min == 0;
		return i == 0 ? strdup(field->type == EVTASK_CTL_ARRAY
		    ? "[]" : "{}") : i == 1 ? one_too_many(field) : NULL;
	case EVTASK_CTL_ANY:
	case EVTASK_CTL_BOOL:
		break;
	}
	return value;
}

/* What of all this a field is refused; how many. */
static int
refuse_all_out_of_range(int fd, const struct evtask_ctl_method *m,
    const struct evtask_ctl_field *field)
{
	char *value;
	int i;

	for (i = 0; (value = value_out_of_range(field, i)) != NULL; i++) {
		assert_refused(fd, m, field->name, value);
		free(value);
	}
	return i;
}

/* An array whose second item is wrong: the path says which. */
static int
refuse_items(int fd, const struct evtask_ctl_method *m,
    const struct evtask_ctl_field *field)
{
	struct json_object *params = json(m->example_params), *list;
	char path[80], *value, *text;
	int i;

	if (field->type != EVTASK_CTL_ARRAY || field->max < 2 ||
	    !json_object_object_get_ex(params, field->name, &list)) {
		json_object_put(params);
		return 0;
	}
	snprintf(path, sizeof(path), "%s[%zu]", field->name,
	    json_object_array_length(list));
	for (i = 0; (value = value_out_of_range(field->item, i)) != NULL;
	    i++) {
		json_object_array_add(list, json(value));
		text = strdup(json_object_to_json_string(params));
		ck_assert_str_eq(answer(fd, m->name, text,
		    "error.data.path"), path);
		json_object_array_del_idx(list,
		    json_object_array_length(list) - 1, 1);
		free(text);
		free(value);
	}
	json_object_put(params);
	return i;
}

/* A map with a wrong member: the path names it. */
static int
refuse_members(int fd, const struct evtask_ctl_method *m,
    const struct evtask_ctl_field *field)
{
	char path[80], *value, *map, *text;
	int i;

	if (field->type != EVTASK_CTL_OBJECT || field->item == NULL)
		return 0;
	snprintf(path, sizeof(path), "%s.k", field->name);
	for (i = 0; (value = value_out_of_range(field->item, i)) != NULL;
	    i++) {
		ck_assert_int_gt(asprintf(&map, "{\"k\":%s}", value), 0);
		text = spoiled(m, field->name, map);
		ck_assert_str_eq(answer(fd, m->name, text,
		    "error.data.path"), path);
		free(text);
		free(map);
		free(value);
	}
	return i;
}

START_TEST(a_value_out_of_range_is_refused_with_its_path_and_changes_nothing)
{
	const struct evtask_ctl_method *m;
	const struct evtask_ctl_field *f;
	int fd = client_new(), n = 0;
	struct sight before, after;

	own_task("nap", 60000000);
	turns(3);
	before = look();
	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		for (f = m->params; f->name != NULL; f++) {
			n += refuse_all_out_of_range(fd, m, f);
			n += refuse_items(fd, m, f);
			n += refuse_members(fd, m, f);
		}
	after = look();
	ck_assert(memcmp(&before, &after, sizeof(before)) == 0);
	ck_assert_int_gt(n, 100);
}
END_TEST

START_TEST(a_viewer_may_look_and_change_nothing)
{
	const struct evtask_ctl_method *m;
	int fd = client_of_role(EVTASK_CTL_VIEWER);
	struct sight before, after;

	own_task("nap", 60000000);
	turns(3);
	before = look();
	for (m = evtask_ctl_methods(); m->name != NULL; m++) {
		if (m->role == EVTASK_CTL_VIEWER)
			continue;
		ck_assert_str_eq(answer(fd, m->name, m->example_params,
		    "error.data.name"), "PermissionDenied");
	}
	after = look();
	ck_assert(memcmp(&before, &after, sizeof(before)) == 0);
}
END_TEST

START_TEST(an_operator_may_not_end_the_server)
{
	int fd = client_of_role(EVTASK_CTL_OPERATOR);

	ck_assert_str_eq(answer(fd, "task.create", "{\"coroutine\":\"echo\"}",
	    "result.created"), "true");
	ck_assert_str_eq(answer(fd, "daemon.shutdown", "{}",
	    "error.data.name"), "PermissionDenied");
	ck_assert_int_eq(shutdowns, 0);
}
END_TEST

START_TEST(the_program_is_told_of_a_shutdown_after_the_answer)
{
	int fd = client_new();

	answer(fd, "daemon.shutdown", "{\"mode\":\"now\"}", "");
	turns(3);
	ck_assert_int_eq(shutdowns, 1);
	ck_assert_int_eq(shutdown_mode, EVTASK_CONSOLE_NOW);
}
END_TEST

START_TEST(an_internal_error_is_reported_to_the_program_with_its_number)
{
	struct json_object *m;

	deep_stats = true;
	m = ask(client_new(), "daemon.stats", "{}");
	ck_assert_str_eq(member(m, "error.data.name"), "InternalError");
	ck_assert_int_eq(reports, 1);
	json_object_put(m);
}
END_TEST

START_TEST(results_have_the_members_that_the_schema_says_and_no_others)
{
	static const struct {
		const char *method, *params;
	} asked[] = {
		{ "rpc.hello", "{}" }, { "rpc.ping", "{}" },
		{ "coroutine.list", "{}" }, { "task.list", "{}" },
		{ "task.get", "{\"task\":\"nap\"}" },
		{ "task.wait", "{\"tasks\":[\"nap\"],\"timeout_us\":0}" },
		{ "task.logs", "{\"task\":\"nap\"}" },
		{ "daemon.stats", "{}" }, { "rpc.discover", "{}" },
	};
	int fd = client_new();
	size_t i;

	own_task("nap", 60000000);
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		const struct evtask_ctl_method *m =
		    evtask_ctl_method_find(asked[i].method);
		const struct evtask_ctl_field *f;
		struct json_object *reply = ask(fd, asked[i].method,
		    asked[i].params), *result;

		ck_assert_msg(json_object_object_get_ex(reply, "result",
		    &result), "%s", json_object_to_json_string(reply));
		json_object_object_foreach(result, key, value)
			ck_assert_msg(strncmp(key, "x-", 2) == 0 ||
			    evtask_ctl_field_find(m->result, key) != NULL,
			    "%s: %s %p", m->name, key, (void *)value);
		for (f = m->result; f->name != NULL; f++)
			ck_assert_msg(f->optional || json_object_object_get_ex(
			    result, f->name, NULL), "%s: %s", m->name,
			    f->name);
		json_object_put(reply);
	}
}
END_TEST

static const struct evtask_ctl_shape *
shape(const char *name)
{
	const struct evtask_ctl_shape *s = evtask_ctl_shapes();

	while (strcmp(s->name, name) != 0)
		s++;
	return s;
}

START_TEST(the_members_of_a_task_are_those_of_the_schema_in_its_order)
{
	const struct evtask_ctl_field *f = shape("Task")->fields;
	size_t i;

	for (i = 0; f->name != NULL && view_member(i) != NULL; f++, i++)
		ck_assert_str_eq(f->name, view_member(i));
	ck_assert_ptr_null(f->name);
	ck_assert_ptr_null(view_member(i));
}
END_TEST

START_TEST(the_types_of_events_are_those_of_the_schema_in_its_order)
{
	const struct evtask_ctl_event *e = evtask_ctl_events();
	enum event_type type;

	for (type = 0; type < EVENT_TYPES; type++) {
		ck_assert_str_eq(notice_type_name(type), e[type].name);
		ck_assert_int_eq(notice_type(e[type].name), type);
	}
	ck_assert_ptr_null(e[EVENT_TYPES].name);
	ck_assert_int_eq(notice_type("task.nothing"), EVENT_TYPES);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("dispatch");
	TCase *tc = tcase_create("dispatch");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, every_method_of_the_schema_has_a_handler);
	tcase_add_test(tc,
	    a_wrong_type_an_unknown_or_a_missing_member_changes_nothing);
	tcase_add_test(tc,
	    a_value_out_of_range_is_refused_with_its_path_and_changes_nothing);
	tcase_add_test(tc, a_viewer_may_look_and_change_nothing);
	tcase_add_test(tc, an_operator_may_not_end_the_server);
	tcase_add_test(tc, the_program_is_told_of_a_shutdown_after_the_answer);
	tcase_add_test(tc,
	    an_internal_error_is_reported_to_the_program_with_its_number);
	tcase_add_test(tc,
	    results_have_the_members_that_the_schema_says_and_no_others);
	tcase_add_test(tc,
	    the_members_of_a_task_are_those_of_the_schema_in_its_order);
	tcase_add_test(tc,
	    the_types_of_events_are_those_of_the_schema_in_its_order);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
