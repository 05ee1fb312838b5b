/*
 * top_screen.c - the live view of top.
 *
 *	list --Enter--> details of a task --Escape--> list
 *	     --Enter--> tasks of a group  --Escape--> list
 *	     --c-----> a question         --y, n-----> list, details
 *
 * Between two keys it looks again, once an interval, unless it is paused. The
 * recorder is what tells how busy tasks are: where it is off, it is on while
 * this screen is. What goes wrong is said when the screen has been given back.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "canvas.h"
#include "cli.h"
#include "details.h"
#include "top_list.h"

struct top {
	struct cli *cli;
	struct canvas canvas;
	struct top_list list;
	struct details details;
	int64_t interval_us, next_us;
	int64_t asked;               /* shall this task be cancelled? 0 */
	char said[128];              /* what came of the last key */
	bool paused, quit, started;
};

/* Drawing. */

static const char *
foot_of(const struct top *top)
{
	if (top->asked != 0 || top->said[0] != '\0')
		return top->said;
	if (top->details.task != 0)
		return "Escape back  Up Down  c cancel  p pause  q quit";
	return "Enter  c cancel  g group  b r l w n i sort  p pause  q quit";
}

static void
draw(struct top *top)
{
	struct out *out = &top->cli->out;
	FILE *data = out->data, *memory;
	char *text = NULL;
	size_t size;

	out_measure(out);
	if (top->details.task != 0) {
		canvas_draw(&top->canvas, details_text(&top->details,
		    canvas_rows(&top->canvas)), foot_of(top));
		return;
	}
	memory = open_memstream(&text, &size);
	if (memory == NULL)
		return;
	out->data = memory;
	top_list_print(&top->list, out, canvas_rows(&top->canvas),
	    top->paused);
	out->data = data;
	fclose(memory);
	canvas_draw(&top->canvas, text, foot_of(top));
	free(text);
}

/* Asking. */

static int
look_again(struct top *top)
{
	int r = top_list_look(&top->list, top->cli);

	return r == 0 && top->details.task != 0 ?
	    details_fetch(&top->details, top->cli) : r;
}

static int
cancel_asked(struct top *top)
{
	struct json_object *params = json_object_new_object();
	struct json_object *ids = json_object_new_array(), *result, *error;
	int r;

	evtask_ctl_append(&ids, json_object_new_int64(top->asked));
	evtask_ctl_put(&params, "tasks", ids);
	evtask_ctl_put_text(&params, "message", "from top");
	r = cli_try(top->cli, "task.cancel", params, &result, &error);
	if (r == 0) {
		json_object_put(result);
		snprintf(top->said, sizeof(top->said),
		    "task %lld is asked to stop", (long long)top->asked);
	} else if (r == -EREMOTEIO) {
		snprintf(top->said, sizeof(top->said), "%s",
		    evtask_ctl_get_text(error, "message", "?"));
		json_object_put(error);
		r = 0;
	}
	top->asked = 0;
	top->next_us = 0;
	return r;
}

/* Keys. */

static void
ask_to_cancel(struct top *top)
{
	const struct top_row *row = top_list_chosen(&top->list);

	top->asked = top->details.task;
	if (top->asked == 0 && row != NULL && row->task != NULL)
		top->asked = row->id;
	if (top->asked != 0)
		snprintf(top->said, sizeof(top->said), "cancel %s(%lld)? y n",
		    top->details.task == 0 ? row->name : "task",
		    (long long)top->asked);
	else
		snprintf(top->said, sizeof(top->said),
		    "choose a task: Enter shows those of a group");
}

static void
enter(struct top *top)
{
	const struct top_row *row = top_list_chosen(&top->list);

	if (row == NULL)
		return;
	if (row->task != NULL) {
		top->details.task = row->id;
		top->details.scrolled = 0;
	} else {
		top_list_filter(&top->list, row->name);
	}
	top->next_us = 0;
}

static void
leave(struct top *top)
{
	if (top->details.task != 0)
		top->details.task = 0;
	else
		top_list_filter(&top->list, NULL);
}

static void
move(struct top *top, int key)
{
	size_t page = canvas_rows(&top->canvas) / 2 + 1;
	size_t to = top->details.task != 0 ? top->details.scrolled :
	    top->list.at;
	size_t back = key == KEY_PAGE_UP ? page : 1;

	if (key == KEY_HOME)
		to = 0;
	else if (key == KEY_END)
		to = SIZE_MAX / 2;
	else if (key == KEY_UP || key == 'k' || key == KEY_PAGE_UP)
		to -= to < back ? to : back;
	else
		to += key == KEY_PAGE_DOWN ? page : 1;
	if (top->details.task != 0)
		top->details.scrolled = to;
	else
		top_list_choose(&top->list, to);
}

static int
take_key(struct top *top, int key)
{
	if (top->asked != 0) {
		if (key == 'y')
			return cancel_asked(top);
		top->asked = 0;
		top->said[0] = '\0';
		return 0;
	}
	top->said[0] = '\0';
	switch (key) {
	case KEY_ENTER:
		if (top->details.task == 0)
			enter(top);
		break;
	case KEY_ESCAPE:
		leave(top);
		break;
	case KEY_UP:
	case KEY_DOWN:
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
	case KEY_HOME:
	case KEY_END:
	case 'j':
	case 'k':
		move(top, key);
		break;
	case 'c':
		ask_to_cancel(top);
		break;
	case 'g':
		top_list_regroup(&top->list);
		break;
	case 'p':
	case ' ':
		top->paused = !top->paused;
		top->next_us = 0;
		break;
	case 'q':
		top->quit = true;
		break;
	default:
		top_list_sort(&top->list, key);
		break;
	}
	return top_list_make(&top->list) < 0 ? cli_no_memory(top->cli) : 0;
}

static int
run(struct top *top)
{
	int64_t now_us;
	int r = 0;

	while (r == 0 && !top->quit) {
		now_us = evtask_loop_time_us(evtask_get_running_loop());
		if (now_us >= top->next_us && (!top->paused ||
		    top->next_us == 0)) {
			r = look_again(top);
			top->next_us = now_us + top->interval_us;
		}
		if (r != 0)
			break;
		draw(top);
		r = canvas_key(&top->canvas, top->interval_us);
		if (r > KEY_NONE)
			r = take_key(top, r);
	}
	return r;
}

/* Turns the recorder on, or off. It may be on already; that is as well. */
static int
record(struct top *top, bool on)
{
	struct json_object *params = json_object_new_object(), *result;
	struct json_object *error = NULL;
	int r;

	if (on)
		evtask_ctl_put_int(&params, "limit", 1);
	r = cli_try(top->cli, on ? "trace.snapshot" : "trace.stop", params,
	    &result, &error);
	if (r == 0)
		json_object_put(result);
	if (r == -EREMOTEIO && strcmp(evtask_ctl_get_text(evtask_ctl_get(error,
	    "data"), "name", ""), "TraceNotActive") == 0) {
		r = cli_ask(top->cli, "trace.start", NULL, &result);
		if (r == 0)
			json_object_put(result);
		top->started = r == 0;
	} else if (r == -EREMOTEIO) {
		r = cli_complain(top->cli, error);
	}
	json_object_put(error);
	return r;
}

/* What goes wrong meanwhile is kept for later. */
static int
run_on_screen(struct top *top)
{
	struct out *out = &top->cli->out;
	FILE *prose = out->prose, *memory;
	char *words = NULL;
	size_t size;
	int r;

	memory = open_memstream(&words, &size);
	if (memory == NULL)
		return cli_no_memory(top->cli);
	canvas_open(&top->canvas, top->cli, true);
	out->prose = memory;
	r = run(top);
	if (r == -ECANCELED && top->canvas.interrupted) {
		evtask_error_unref(evtask_catch(r)); /* a way to quit */
		evtask_uncancel(evtask_current_task());
		r = 0;
	}
	out->prose = prose;
	canvas_close(&top->canvas);
	fclose(memory);
	if (r > 0)
		out_bytes(out, true, words, strlen(words));
	free(words);
	return r;
}

int
top_show(struct cli *cli, int64_t interval_us)
{
	struct top top = { .cli = cli, .interval_us = interval_us };
	int r = record(&top, true);

	if (r == 0)
		r = run_on_screen(&top);
	if (top.started && r == 0)
		r = record(&top, false);
	top_list_release(&top.list);
	details_release(&top.details);
	return r;
}
