/*
 * script.c - lines from a file, or from the standard input.
 *
 * A script ends at the first line that fails, with its exit code; --keep-going
 * runs it to its end, and the code is still that of the first failure. What is
 * said of a line names it: "deploy:3: ...". Lines are read with stdio, which
 * blocks: between two lines there is nothing else to do, and a plain file
 * cannot be waited for in any other way.
 */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "exits.h"

#define LINE_MAX_BYTES (1 << 20)

static int
run_line(struct cli *cli, const char *name, size_t number, const char *line,
    size_t size)
{
	char where[300];
	int r;

	snprintf(where, sizeof(where), "%.255s:%zu", name, number);
	cli->out.where = where;
	if (size > LINE_MAX_BYTES || strlen(line) != size) {
		out_error(&cli->out, size > LINE_MAX_BYTES ?
		    "the line is over 1 MiB" : "there is a NUL in the line");
		r = EXIT_USAGE;
	} else {
		r = cli_run_line(cli, line);
	}
	cli->out.where = NULL;
	return r;
}

static int
run_lines(struct cli *cli, FILE *file, const char *name)
{
	char *line = NULL;
	size_t room = 0, number = 0;
	ssize_t size;
	int code = EXIT_OK, r = 0;

	while ((r == 0 || cli->settings.keep_going) &&
	    (size = getline(&line, &room, file)) >= 0) {
		r = run_line(cli, name, ++number, line, (size_t)size);
		if (r == -ECANCELED || r == EXIT_PIPE) {
			code = r;
			break;
		}
		if (code == EXIT_OK)
			code = r;
	}
	free(line);
	if (ferror(file)) {
		out_error(&cli->out, "cannot read %s: %s", name,
		    strerror(errno));
		code = code != EXIT_OK ? code : EXIT_FAILED;
	}
	return code;
}

int
script_run(struct cli *cli, const char *path)
{
	FILE *file;
	int r;

	if (path == NULL || strcmp(path, "-") == 0)
		return run_lines(cli, stdin, "stdin");
	file = fopen(path, "re");
	if (file == NULL) {
		out_error(&cli->out, "cannot open %s: %s", path,
		    strerror(errno));
		return EXIT_FAILED;
	}
	r = run_lines(cli, file, path);
	fclose(file);
	return r;
}
