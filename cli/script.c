/*
 * script.c - lines from a file, or from the standard input.
 *
 * A script ends at the first line that fails, with its exit code; --keep-going
 * runs it to its end, and the code is still that of the first failure. What is
 * said of a line names it: "deploy:3: ...". Lines are read with stdio, which
 * blocks: between two lines there is nothing else to do, and a plain file
 * cannot be waited for in any other way. A line that ends with a backslash, or
 * within JSON, goes on in the next one.
 */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "words.h"

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

/* Reads a line, its end taken off. Returns its size, or -1 at the end. */
static ssize_t
read_line(FILE *file, char **ret_line)
{
	size_t room = 0;
	ssize_t size;

	*ret_line = NULL;
	size = getline(ret_line, &room, file);
	if (size > 0 && (*ret_line)[size - 1] == '\n')
		(*ret_line)[--size] = '\0';
	return size;
}

/* The same with the lines it goes on in; *number counts them. */
static ssize_t
read_lines(FILE *file, char **ret_line, size_t *number)
{
	ssize_t size = read_line(file, ret_line);
	char *more = NULL;

	*number += size >= 0;
	while (size >= 0 && size <= LINE_MAX_BYTES &&
	    strlen(*ret_line) == (size_t)size &&
	    words_go_on(*ret_line, false) && read_line(file, &more) >= 0) {
		++*number;
		if (words_join(ret_line, more) == 0)
			size = (ssize_t)strlen(*ret_line);
		free(more);
		more = NULL;
	}
	free(more);
	return size;
}

static int
run_lines(struct cli *cli, FILE *file, const char *name)
{
	char *line = NULL;
	size_t number = 0, first = 1;
	ssize_t size;
	int code = EXIT_OK, r = 0;

	while ((r == 0 || cli->settings.keep_going) &&
	    (size = read_lines(file, &line, &number)) >= 0) {
		r = run_line(cli, name, first, line, (size_t)size);
		free(line);
		line = NULL;
		first = number + 1;
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
