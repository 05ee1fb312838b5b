/*
 * replay.c - runs a fuzz target over its corpus, a TAP line a file: the part
 * of fuzzing that belongs into every "make check".
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX (4 << 20)

static int
replay(const char *folder, const char *name)
{
	static uint8_t input[INPUT_MAX];
	char path[4096];
	uint8_t *exact;
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		return -1;
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	/* In memory of its own size, so that reading past it is found. */
	exact = malloc(size > 0 ? size : 1);
	if (exact == NULL)
		return -1;
	memcpy(exact, input, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
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
		if (replay(folder, entry->d_name) < 0) {
			failed = 1;
			printf("not ");
		}
		printf("ok %d - %s\n", ++n, entry->d_name);
	}
	closedir(dir);
	printf("1..%d\n", n);
	return failed;
}
