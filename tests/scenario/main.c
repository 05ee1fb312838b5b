/*
 * main.c - scenario FILE.json: prints the trace of a scenario ("-": standard
 * input). Exit status 0; 2 when it is not a scenario.
 *
 * scenario --tap JSONL CASES...: runs all in one process and compares each
 * trace with the one that stands beside it: in the "trace" of the line, or in
 * the NAME.trace to NAME.json. Speaks TAP.
 */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

/* All of a file; NULL and a word on stderr when it cannot be read. */
static char *
slurp(const char *path)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (in == NULL || getdelim(&text, &size, EOF, in) < 0) {
		fprintf(stderr, "scenario: cannot read %s\n", path);
		free(text);
		text = NULL;
	}
	if (in != NULL && in != stdin)
		fclose(in);
	return text;
}

static char *
trace_of(struct json_object *root)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	scenario_run(root, out);
	fclose(out);
	return text;
}

static int
run_file(const char *path)
{
	char *text = slurp(path), *output;
	struct json_object *root;

	if (text == NULL)
		return 2;
	root = json_tokener_parse(text);
	free(text);
	if (root == NULL) {
		fprintf(stderr, "scenario: %s: not JSON\n", path);
		return 2;
	}
	if (scenario_check(root, path) < 0) {
		json_object_put(root);
		return 2;
	}
	output = trace_of(root);
	fputs(output, stdout);
	free(output);
	json_object_put(root);
	return 0;
}

/* Comparing. */

struct tally {
	int n, failed;
};

/* Says where two traces part. */
static void
show_difference(const char *want, const char *got)
{
	int line = 1;

	while (*want != '\0' && *got != '\0') {
		size_t n = strcspn(want, "\n"), m = strcspn(got, "\n");

		if (n != m || memcmp(want, got, n) != 0)
			break;
		want += n + (want[n] == '\n');
		got += m + (got[m] == '\n');
		line++;
	}
	printf("# line %d: want: %.*s\n# line %d: got:  %.*s\n", line,
	    (int)strcspn(want, "\n"), want, line, (int)strcspn(got, "\n"), got);
}

static void
compare(struct tally *tally, const char *name, struct json_object *root,
    const char *want)
{
	char *got = NULL;
	bool ok = false;

	if (root != NULL && want != NULL && scenario_check(root, name) == 0) {
		got = trace_of(root);
		ok = strcmp(want, got) == 0;
	}
	tally->n++;
	tally->failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", tally->n, name);
	if (got != NULL && !ok)
		show_difference(want, got);
	free(got);
}

static void
compare_case(struct tally *tally, const char *path)
{
	char *text = slurp(path), *trace_path, *want;
	struct json_object *root = text ? json_tokener_parse(text) : NULL;
	const char *name = strrchr(path, '/');

	if (asprintf(&trace_path, "%.*s.trace", (int)strlen(path) - 5,
	    path) < 0)
		abort();
	want = slurp(trace_path);
	compare(tally, name != NULL ? name + 1 : path, root, want);
	json_object_put(root);
	free(want);
	free(trace_path);
	free(text);
}

static void
compare_line(struct tally *tally, const char *line)
{
	struct json_object *root = json_tokener_parse(line);
	struct json_object *stage, *seed, *scenario = NULL, *want = NULL;
	char name[64] = "not JSON";

	if (json_object_object_get_ex(root, "stage", &stage) &&
	    json_object_object_get_ex(root, "seed", &seed) &&
	    json_object_object_get_ex(root, "scenario", &scenario) &&
	    json_object_object_get_ex(root, "trace", &want))
		snprintf(name, sizeof name, "%s %s",
		    json_object_get_string(stage),
		    json_object_get_string(seed));
	compare(tally, name, scenario, json_object_get_string(want));
	json_object_put(root);
}

static int
run_tap(char **paths)
{
	struct tally tally = { 0 };
	char *text = *paths != NULL ? slurp(*paths++) : NULL;

	if (text == NULL)
		return 2;
	for (; *paths != NULL; paths++)
		compare_case(&tally, *paths);
	for (char *line = strtok(text, "\n"); line != NULL;
	    line = strtok(NULL, "\n"))
		compare_line(&tally, line);
	free(text);
	printf("1..%d\n# %d of %d agree\n", tally.n, tally.n - tally.failed,
	    tally.n);
	return tally.failed == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "--tap") == 0)
		return run_tap(argv + 2);
	if (argc == 2)
		return run_file(argv[1]);
	fputs("usage: scenario FILE.json | -\n"
	    "       scenario --tap FILE.jsonl CASE.json...\n", stderr);
	return 2;
}
