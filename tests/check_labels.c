/* Labels: changed as asked, found by name and by value. */
#include "lib/console/labels.h"
#include <json-c/json.h>
#include "tests/json.h"
#include "tests/suite.h"

START_TEST(changes_make_other_labels_and_leave_these)
{
	struct json_object *labels = json(JSON({"a": "1", "b": "2"}));
	struct json_object *changes = json(JSON({"b": null, "c": "3"}));
	struct json_object *changed = labels_changed(labels, changes);

	ck_assert_json(changed, JSON({"a": "1", "c": "3"}));
	ck_assert_json(labels, JSON({"a": "1", "b": "2"}));
	json_object_put(changed);
	changed = labels_changed(NULL, changes);
	ck_assert_json(changed, JSON({"c": "3"}));
	json_object_put(changed);
	json_object_put(changes);
	json_object_put(labels);
}
END_TEST

START_TEST(a_label_matches_by_its_name_or_with_its_value)
{
	struct json_object *labels = json(JSON({"a": "1", "a=b": "", "": "x"}));

	ck_assert(labels_match(labels, "a"));
	ck_assert(labels_match(labels, "a=1"));
	ck_assert(labels_match(labels, "a=b"));
	ck_assert(labels_match(labels, "a=b="));
	ck_assert(!labels_match(labels, "a=2"));
	ck_assert(!labels_match(labels, "ab"));
	ck_assert(!labels_match(labels, "b"));
	ck_assert(!labels_match(NULL, "a"));
	json_object_put(labels);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("labels");
	TCase *tc = tcase_create("labels");

	tcase_add_test(tc, changes_make_other_labels_and_leave_these);
	tcase_add_test(tc, a_label_matches_by_its_name_or_with_its_value);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
