/*
 * replay.c - runs a fuzz target over its corpus, a TAP line a file: the part
 * of fuzzing that belongs into every "make check".
 *
 * Of a file some mutations are run, too, where the target has its own, the same
 * in every run. And what was said to an input is said when it comes again, with
 * others in between: no input leaves anything behind that the next can see.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (4 << 20)
#define MUTATIONS 16     /* of a file */
#define MUTATED_MAX 2048 /* that has so many bytes at most */
#define AGAIN_MAX 10     /* runs in which the same must be said */

/* In memory of its own size, so that reading past it is found. */
static void
run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

/* What the fuzzer does in a hundred ways: a byte becomes another. */
size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	if (size > 0)
		data[size / 2] ^= 1;
	return size;
}

static void
run_mutations(const uint8_t *data, size_t size)
{
	uint8_t mutated[MUTATED_MAX];
	size_t n = size;
	unsigned i;

	if (size > MUTATED_MAX)
		return;
	memcpy(mutated, data, size);
	for (i = 0; i < MUTATIONS; i++) {
		n = LLVMFuzzerCustomMutator(mutated, n, MUTATED_MAX, i);
		run(mutated, n);
	}
	n = LLVMFuzzerCustomCrossOver(data, size, mutated, n, mutated,
	    MUTATED_MAX, i);
	run(mutated, n);
}

/* Something that is left behind is seen in each run. A machine that stands
 * still for some time is not: libevent has a clock of its own. */
static bool
is_said_again(const uint8_t *data, size_t size, uint64_t said)
{
	int i;

	for (i = 0; i < AGAIN_MAX; i++) {
		run(data, size);
		if (fuzz_said() == said)
			return true;
	}
	return false;
}

static bool
replay_input(const uint8_t *data, size_t size)
{
	uint64_t said;

	run(data, size);
	said = fuzz_said != NULL ? fuzz_said() : 0;
	if (LLVMFuzzerCustomMutator != NULL)
		run_mutations(data, size);
	return fuzz_said == NULL || is_said_again(data, size, said);
}

static bool
replay(const char *folder, const char *name)
{
	static uint8_t input[INPUT_MAX];
	char path[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		return false;
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	return replay_input(input, size);
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	struct dirent *entry;
	char folder[2048];
	int n = 0, failed = 0;
	DIR *dir;

	if (argc > 1)
		snprintf(folder, sizeof(folder), "%s", argv[1]);
	else
		snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s",
		    top != NULL ? top : ".", CORPUS);
	dir = opendir(folder);
	if (dir == NULL) {
		printf("Bail out! no corpus in %s\n", folder);
		return EXIT_FAILURE;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (!replay(folder, entry->d_name)) {
			failed = 1;
			printf("not ");
		}
		printf("ok %d - %s\n", ++n, entry->d_name);
	}
	closedir(dir);
	printf("1..%d\n", n);
	return failed;
}
