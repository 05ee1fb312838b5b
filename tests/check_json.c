/*
 * What is JSON and what is not, file by file: tests/json/y_* is accepted, n_*
 * is refused, and of i_*, where RFC 8259 leaves a choice, border.txt says
 * which way it goes and why. What is accepted comes out again as the same.
 */
#include <dirent.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "lib/ctl/read.h"
#include "tests/suite.h"

#define FILES_MAX 1024
#define FILES_MIN 200 /* fewer: the folder was not found, or not all of it */

struct file {
	char name[256];
	bool accepted;
};

static struct file files[FILES_MAX];
static int n_files, n_without_line;

static char *
read_file(const char *name, size_t *ret_size)
{
	const char *top = getenv("top_srcdir");
	char path[1200], *bytes;
	FILE *file;
	long size;

	snprintf(path, sizeof(path), "%s/tests/json/%s",
	    top != NULL ? top : TOP_SRCDIR, name);
	file = fopen(path, "rb");
	if (file == NULL)
		return NULL;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	/* Of its own size, so that reading past the end is found. */
	bytes = malloc(size > 0 ? (size_t)size : 1);
	*ret_size = fread(bytes, 1, (size_t)size, file);
	fclose(file);
	return bytes;
}

/* The way a border case goes, by its line "NAME<tab>accepted<tab>WHY". */
static bool
is_accepted_border(const char *border, const char *name)
{
	char line[264];
	const char *at;

	snprintf(line, sizeof(line), "\n%s\t", name);
	at = strstr(border, line);
	if (at == NULL) {
		n_without_line++;
		return false;
	}
	at += strlen(line);
	if (strncmp(at, "accepted\t", 9) == 0 && at[9] != '\n')
		return true;
	if (strncmp(at, "refused\t", 8) != 0 || at[8] == '\n')
		n_without_line++;
	return false;
}

static void
add_file(const char *border, const char *name)
{
	struct file *file = &files[n_files];
	const char *dot = strrchr(name, '.');

	if (dot == NULL || strcmp(dot, ".json") != 0 || n_files == FILES_MAX)
		return;
	snprintf(file->name, sizeof(file->name), "%s", name);
	file->accepted = name[0] == 'y' || (name[0] == 'i' &&
	    is_accepted_border(border, name));
	n_files++;
}

static void
find_files(void)
{
	const char *top = getenv("top_srcdir");
	char path[1200], *border, *text;
	struct dirent *entry;
	size_t size;
	DIR *dir;

	border = read_file("border.txt", &size);
	if (border == NULL)
		return;
	text = strndup(border, size);
	free(border);
	snprintf(path, sizeof(path), "%s/tests/json",
	    top != NULL ? top : TOP_SRCDIR);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		add_file(text, entry->d_name);
	if (dir != NULL)
		closedir(dir);
	free(text);
}

/* What has been read can be sent, and read again. */
static void
expect_round_trip(const char *name, struct json_object *value)
{
	struct json_object *again;
	struct read_fault fault;
	size_t size;
	char *line;

	ck_assert_int_eq(evtask_ctl_encode(value, &line, &size), 0);
	ck_assert_msg(read_json(line, size, READ_ALL, &again, &fault) == 0,
	    "%s", name);
	ck_assert_msg(json_object_equal(value, again), "%s", name);
	json_object_put(again);
	free(line);
}

START_TEST(a_file_goes_the_way_its_name_says)
{
	const struct file *file = &files[_i];
	struct json_object *value = NULL;
	struct read_fault fault;
	size_t size;
	char *bytes = read_file(file->name, &size);
	int r;

	ck_assert_ptr_nonnull(bytes);
	r = read_json(bytes, size, READ_ALL, &value, &fault);
	ck_assert_msg(r == (file->accepted ? 0 : -EINVAL), "%s: %d",
	    file->name, r);
	if (r == 0)
		expect_round_trip(file->name, value);
	else
		ck_assert_uint_le(fault.offset, size);
	json_object_put(value);
	free(bytes);
}
END_TEST

START_TEST(every_file_is_there_and_every_border_is_drawn)
{
	ck_assert_int_ge(n_files, FILES_MIN);
	ck_assert_int_lt(n_files, FILES_MAX);
	ck_assert_int_eq(n_without_line, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("json");
	TCase *tc = tcase_create("json");

	find_files();
	tcase_add_test(tc, every_file_is_there_and_every_border_is_drawn);
	tcase_add_loop_test(tc, a_file_goes_the_way_its_name_says, 0, n_files);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
