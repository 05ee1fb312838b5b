/*
 * news.h - the ends of tasks, told at the prompt.
 */
#ifndef CLI_NEWS_H
#define CLI_NEWS_H

#include <evtask/base.h>

struct cli;
struct counts;
struct json_object;
struct notices;
struct picture;

struct news {
	struct cli *cli;
	struct picture *picture;
	struct notices *notices;
	struct counts *counts;
	struct json_object *held;   /* ends while a verb runs; or NULL */
	struct json_object *promised; /* ids to be told whatever happens */
	int told;                   /* notices since the burst began */
	int untold;                 /* and those only counted */
	int64_t burst_us;           /* when that was */
	struct evtask *summary;     /* tells how many, when it is over */
};

/* The connection is a new one: no end is to come that a verb has told. */
void news_begin(struct news *news);

/* The end of every task that the words mean is to be told. */
void news_promise(struct news *news, struct json_object *words);

/* A task.done, which the picture has taken: tells it, or holds it. May
 * suspend. */
void news_end(struct news *news, struct json_object *event);

/* The verb has ended: tells the ends it has not told itself. */
void news_catch_up(struct news *news);

/* Tells nothing more. 0, or -ECANCELED: the caller was cancelled. */
EVTASK_SUSPENDS int news_release(struct news *news);

#endif
