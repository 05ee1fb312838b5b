/*
 * out.h - where data and words go.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json_object;

/* The colours there are; what they look like is the terminal's affair. */
enum paint {
	PAINT_NONE,
	PAINT_BOLD,
	PAINT_DIM,
	PAINT_RED,
	PAINT_GREEN,
	PAINT_YELLOW,
	PAINT_BLUE,
};

/* The forms data goes out in; what is not many of a kind knows only some. */
enum out_form {
	OUT_TABLE, /* for people */
	OUT_WIDE,  /* with more columns */
	OUT_JSON,  /* one value */
	OUT_JSONL, /* one object a line: --json */
	OUT_TSV,   /* bare values, with tabs between them */
	OUT_ID,    /* only what they are called by */
};

/* Their names, in that order, NULL-terminated. */
extern const char *const out_forms[];

/* Data goes to data, words for people to prose. */
struct out {
	FILE *data;
	FILE *prose;
	bool color;       /* data may be coloured */
	bool prose_color; /* prose may be */
	enum out_form form;
	bool json;        /* the form is one of JSON */
	const char *columns; /* the only ones wanted, with commas; or NULL */
	const char *sort; /* column to sort by, after a - downwards; or NULL */
	bool prompt;      /* a person reads both, between two prompts */
	size_t width;     /* of the terminal that data is; 0: it is none */
	size_t height;
	const char *where; /* of a script: "name:line"; NULL elsewhere */
	const char *about; /* the task of several that is at work; or NULL */
	bool captured;    /* data goes to memory, for now */
	struct json_object *gathered; /* values of -o json to be one; or NULL */
	int failed;       /* the first -errno of writing data, or 0 */
};

/* Opens stdout and stderr as they are. color: -1 by the terminal, 0, 1. */
void out_init(struct out *out, int color, enum out_form form);

/* The width again: the window may have changed. */
void out_measure(struct out *out);

/* The sequence that begins a colour on data, and what ends it; "" without. */
const char *out_paint(const struct out *out, enum paint paint);
const char *out_plain(const struct out *out);

/* Data: text as it is. */
void out_printf(struct out *out, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));
/* Data: bytes as they are, to data or to prose, and at once. */
void out_bytes(struct out *out, bool prose, const void *bytes, size_t size);
/* Data: a value, on one line. */
void out_json(struct out *out, struct json_object *value);
/* From here to there the values of -o json are the items of one. */
void out_gather(struct out *out);
void out_end_gathering(struct out *out);
/* What was written so far is on its way. */
void out_flush(struct out *out);

/* Words for people: a line. */
void out_note(struct out *out, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));
/* What went wrong, and the way out: a line. */
void out_error(struct out *out, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));
/* An error object of the protocol, as such a line. */
void out_error_object(struct out *out, struct json_object *error);

/* The exit code after code, when writing data failed; says so once. */
int out_finish(struct out *out, int code);

#endif
