/*
 * render_stack.c - stacks for people, and for the tools that draw flames.
 *
 * The server names functions; the lines of the source are looked up here, in
 * the same files, when they are there: a server on another machine is told by
 * its functions alone.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "render.h"
#include "source.h"
#include "text.h"

/* The last part of a path. */
static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void
write_line(FILE *out, int number, const char *func, const char *file,
    int line, const char *note)
{
	if (number >= 0)
		fprintf(out, "#%-3d %s", number, func);
	else
		fprintf(out, "     %s", func);
	if (file != NULL)
		fprintf(out, " at %s:%d", file, line);
	fprintf(out, "%s\n", note);
}

static void
write_frame(FILE *out, int number, struct json_object *frame,
    struct source *source)
{
	const char *module = evtask_ctl_get_text(frame, "module", NULL);
	const char *func = evtask_ctl_get_text(frame, "func", NULL);
	int64_t address = evtask_ctl_get_int(frame, "address", 0);
	struct source_places places;
	char unknown[32], in[160];

	snprintf(unknown, sizeof(unknown), "0x%llx", (long long)address);
	snprintf(in, sizeof(in), " in %s", module != NULL ? base_of(module) :
	    "?");
	source_find(source, module, (uint64_t)address, &places);
	for (size_t i = 0; i + 1 < places.n; i++)
		write_line(out, i == 0 ? number : -1,
		    places.v[i].func != NULL ? places.v[i].func : "?",
		    places.v[i].file, places.v[i].line, " (inlined)");
	if (func == NULL && places.n > 0)
		func = places.v[places.n - 1].func;
	if (places.n > 0 && places.v[places.n - 1].file != NULL)
		write_line(out, places.n > 1 ? -1 : number,
		    func != NULL ? func : unknown,
		    places.v[places.n - 1].file, places.v[places.n - 1].line,
		    "");
	else
		write_line(out, places.n > 1 ? -1 : number,
		    func != NULL ? func : unknown, NULL, 0, in);
	source_release(&places);
}

static void
write_frames(FILE *out, struct json_object *frames, struct source *source)
{
	for (size_t i = 0; i < json_object_array_length(frames); i++)
		write_frame(out, (int)i, json_object_array_get_idx(frames, i),
		    source);
}

/* "1000 tasks, 20m all together: crawl-1 crawl-2 ..." and their stack. */
static void
write_group(FILE *out, struct json_object *group, struct source *source)
{
	struct json_object *tasks = evtask_ctl_get(group, "tasks");
	int64_t count = evtask_ctl_get_int(group, "count", 0);
	size_t n = json_object_array_length(tasks), i;
	char age[TEXT_AGE_SIZE];

	fprintf(out, "%lld task%s, waiting %s%s:", (long long)count,
	    count == 1 ? "" : "s", text_age(evtask_ctl_get_int(group,
	    "waited_us", 0), age), count == 1 ? "" : " all together");
	for (i = 0; i < n; i++)
		fprintf(out, " %s(%lld)", evtask_ctl_get_text(
		    json_object_array_get_idx(tasks, i), "name", "?"),
		    (long long)evtask_ctl_get_int(
		    json_object_array_get_idx(tasks, i), "id", 0));
	fprintf(out, "%s\n", (int64_t)n < count ? " ..." : "");
	write_frames(out, evtask_ctl_get(group, "frames"), source);
}

/* "main;serve;evtask_sleep_at 1000", the outermost first. */
static void
write_folded(FILE *out, struct json_object *group)
{
	struct json_object *frames = evtask_ctl_get(group, "frames"), *frame;
	const char *func, *module;

	for (size_t i = json_object_array_length(frames); i-- > 0;) {
		frame = json_object_array_get_idx(frames, i);
		func = evtask_ctl_get_text(frame, "func", NULL);
		module = evtask_ctl_get_text(frame, "module", "?");
		fprintf(out, "%s%s", func != NULL ? func : base_of(module),
		    i > 0 ? ";" : "");
	}
	fprintf(out, " %lld\n",
	    (long long)evtask_ctl_get_int(group, "count", 0));
}

int
render_stack_text(void *arg)
{
	struct render_stack *job = arg;
	struct json_object *groups = evtask_ctl_get(job->result, "groups");
	struct source *source = job->folded ? NULL : source_new();
	size_t size, i;
	FILE *out = open_memstream(&job->text, &size);

	if (out == NULL) {
		source_free(source);
		return -1;
	}
	if (groups == NULL)
		write_frames(out, evtask_ctl_get(job->result, "frames"),
		    source);
	for (i = 0; groups != NULL && i < json_object_array_length(groups);
	    i++) {
		if (job->folded) {
			write_folded(out, json_object_array_get_idx(groups, i));
			continue;
		}
		fputs(i > 0 ? "\n" : "", out);
		write_group(out, json_object_array_get_idx(groups, i), source);
	}
	fclose(out);
	source_free(source);
	return 0;
}
