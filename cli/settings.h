/*
 * settings.h - what the options say that every line takes.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include "out.h"
#include "place.h"

struct json_object;

struct settings {
	struct place place;
	int64_t pid;        /* read from outside; 0: a server is asked */
	const char *core;   /* the same, of this core; or NULL */
	const char *file;   /* a script; "-" is the standard input */
	int64_t timeout_us; /* of one request */
	int color;          /* 1, 0, or -1: as the terminal is */
	enum out_form form;
	const char *columns;
	const char *sort;
	bool no_pager;
	bool keep_going;
	bool help;
	bool version;
	bool stdio;
};

/* What a line says replaces what was said before. Texts are borrowed from
 * globals. */
void settings_apply(struct settings *settings, struct json_object *globals);

#endif
