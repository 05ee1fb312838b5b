/*
 * command.c - THE table of verbs.
 *
 * One row says everything of a verb: its grammar, its words for help, what
 * completes its arguments, the methods behind it, the function that runs it.
 * The prompt, a one-shot command line, a script and the shells' completion all
 * read it. Types, values and words of the options come from the protocol's own
 * table wherever an option stands for a parameter.
 *
 * The rows are in command_*.inc. To add one: its function in verbs.h and its
 * cases in tests/e2e; help, completion and evtask(1) are written from the row.
 */
#include "command.h"

#include <evtask/ctl_value.h>
#include <string.h>
#include "exits.h"
#include "out.h"
#include "verbs.h"

#define END { .name = NULL }
#define METHODS(...) (const char *const[]){ __VA_ARGS__, NULL }
#define NO_METHODS (const char *const[]){ NULL }
#define ARGS(...) (const struct argument[]){ __VA_ARGS__, END }
#define NO_ARGS (const struct argument[]){ END }
#define OPTIONS(...) (const struct option[]){ __VA_ARGS__, END }
#define NO_OPTIONS (const struct option[]){ END }
#define OWN(...) (const struct evtask_ctl_field[]){ __VA_ARGS__, END }
#define VALUES(...) (const char *const[]){ __VA_ARGS__, NULL }
#define EXITS(...) (const int[]){ __VA_ARGS__, 0 }
#define NO_EXITS (const int[]){ 0 }
#define OPT(called, short, field, ...) \
	{ .name = (called), .letter = (short), .param = (field), __VA_ARGS__ }
#define CALLED(value) .metavar = (value)

#define FLAG .type = EVTASK_CTL_BOOL, .optional = true
#define TEXT .type = EVTASK_CTL_TEXT, .min = 0, .max = 65536, .optional = true
#define COUNT .type = EVTASK_CTL_INT, .max = EVTASK_CTL_INT_MAX, \
	.optional = true
#define LIST .type = EVTASK_CTL_ARRAY, .min = 1, .max = 10000, \
	.optional = true, \
	.item = &(const struct evtask_ctl_field){ .type = EVTASK_CTL_TEXT, \
	    .max = 65536 }

#define ONE_OF_LIST(...) .type = EVTASK_CTL_ARRAY, .min = 1, .max = 10, \
	.optional = true, \
	.item = &(const struct evtask_ctl_field){ .type = EVTASK_CTL_TEXT, \
	    .values = VALUES(__VA_ARGS__) }

#define ONE_TASK(which) { "TASK", ARG_TASK, .want = (which), .param = "task" }
#define EACH_TASK(which) \
	{ "TASK", ARG_TASK, .many = true, .want = (which), .param = "task" }
#define MANY_TASKS(which) \
	{ "TASK", ARG_TASK, .many = true, .want = (which), .param = "tasks" }
#define OUTCOMES EXIT_RAISED, EXIT_CANCELLED

static const struct command commands[] = {
#include "command_task.inc"
#include "command_inspect.inc"
#include "command_server.inc"
#include "command_self.inc"
	END
};

static const struct option globals[] = {
	OPT("socket", 'S', "socket", CALLED("PATH")),
	OPT("host", 'H', "host", CALLED("USER@HOST")),
	OPT("pid", 0, "pid"),
	OPT("core", 0, "core", CALLED("FILE")),
	OPT("stdio", 0, "stdio"),
	OPT("output", 'o', "output"),
	{ .name = "json", .letter = 'j', .param = "output",
	  .sets = "\"jsonl\"", .doc = "Print JSON, one object a line." },
	OPT("columns", 0, "columns", CALLED("COLUMN,...")),
	OPT("sort", 0, "sort", CALLED("COLUMN")),
	{ .name = "no-pager", .param = "no_pager", .sets = "true",
	  .doc = "Print what is longer than the terminal at once." },
	OPT("color", 0, "color"),
	{ .name = "no-color", .param = "color", .sets = "false",
	  .doc = "Without colours." },
	OPT("timeout", 'T', "timeout_us"),
	OPT("file", 'f', "file", CALLED("FILE")),
	OPT("keep-going", 'k', "keep_going"),
	OPT("version", 'V', "version"),
	OPT("help", 'h', "help"),
	END
};

static const struct evtask_ctl_field global_fields[] = {
	{ "socket", TEXT, .doc = "The server's socket; else "
	  "$EVTASK_SOCKET, else $XDG_RUNTIME_DIR/evtask/control.sock." },
	{ "host", TEXT, .doc = "The server is there, and is reached by "
	  "ssh." },
	{ "pid", COUNT, .doc = "Read this process from outside, without a "
	  "console, be it hung or stopped: list, tree, stack." },
	{ "core", TEXT, .doc = "The same, of this core of one." },
	{ "stdio", FLAG, .doc = "Be a bridge from the standard input and "
	  "output to the socket, for an evtask -H elsewhere." },
	{ "output", TEXT, .values = out_forms, .doc = "The form of what is "
	  "printed: a table, a wider one, one JSON value, one JSON object a "
	  "line, bare values with tabs between them, or only ids." },
	{ "columns", TEXT, .doc = "Print these columns, with commas "
	  "between them: the ones of the table, or any member of its JSON, "
	  "such as wait.op." },
	{ "sort", TEXT, .doc = "Sort by this column; -COLUMN is "
	  "downwards." },
	{ "no_pager", FLAG, .doc = "Use no pager." },
	{ "color", FLAG, .doc = "With colours, whatever the output is." },
	{ "timeout_us", COUNT, .doc = "Give up a request unanswered for so "
	  "long; its task goes on." },
	{ "file", TEXT, .doc = "Run the lines of this file." },
	{ "keep_going", FLAG, .doc = "Run a script to its end, whatever "
	  "fails." },
	{ "version", FLAG, .doc = "Print the version, and end." },
	{ "help", FLAG, .doc = "Explain, and end." },
	END
};

const struct command *
command_table(void)
{
	return commands;
}

const struct command *
command_find(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static bool
has_word(const char *words, const char *word)
{
	size_t size = strlen(word), n;

	for (; words != NULL && *words != '\0'; words += n) {
		words += strspn(words, " ");
		n = strcspn(words, " ");
		if (n == size && n > 0 && memcmp(words, word, n) == 0)
			return true;
	}
	return false;
}

void
command_offer(struct evtask_ctl_nearest *nearest)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (has_word(c->elsewhere, nearest->word)) {
			nearest->best = c->name;
			nearest->distance = 0;
		}
	for (const struct command *c = commands; c->name != NULL; c++)
		evtask_ctl_nearest_offer(nearest, c->name);
}

const struct option *
command_globals(void)
{
	return globals;
}

/* The method of the options; NULL: the verb has none. */
static const struct evtask_ctl_method *
method_of(const struct command *command)
{
	return command->methods[0] != NULL ?
	    evtask_ctl_method_find(command->methods[0]) : NULL;
}

const struct evtask_ctl_field *
command_param(const struct command *command, const char *param)
{
	const struct evtask_ctl_method *method = method_of(command);
	const struct evtask_ctl_field *field = NULL;

	if (command->own != NULL)
		field = evtask_ctl_field_find(command->own, param);
	if (field == NULL && method != NULL)
		field = evtask_ctl_field_find(method->params, param);
	return field;
}

const struct evtask_ctl_field *
command_field(const struct command *command, const struct option *option)
{
	if (command == NULL)
		return evtask_ctl_field_find(global_fields, option->param);
	return command_param(command, option->param);
}

const char *
command_option_doc(const struct command *command, const struct option *option)
{
	return option->doc != NULL ? option->doc :
	    command_field(command, option)->doc;
}

const char *const *
command_field_values(const struct evtask_ctl_field *field)
{
	if (field->type == EVTASK_CTL_ARRAY)
		field = field->item;
	return field->values;
}

const char *const *
command_values(const struct command *command, const struct argument *argument)
{
	const struct evtask_ctl_field *field;

	if (argument->values != NULL || argument->param == NULL)
		return argument->values;
	field = command_param(command, argument->param);
	return field != NULL ? command_field_values(field) : NULL;
}
