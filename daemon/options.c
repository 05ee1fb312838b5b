/*
 * options.c - the command line of evtaskd: a row per option.
 *
 * The table is all there is: it parses, it writes --help, and the manual is
 * checked against it. Options are written --name=VALUE, --name VALUE or
 * -n VALUE; there are no operands. A later one replaces an earlier one.
 */
#include <config.h>

#include "options.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DRAIN_TIMEOUT_US 60000000
#define KEEP_DONE 1000
#define LOG_BYTES (1 << 20)
#define CLIENTS 64
#define STALL_US 200000
#define COUNT_MAX (1ULL << 40)

static int
set_socket(struct options *options, const char *value)
{
	options->socket_path = value;
	return *value != '\0' ? 0 : -EINVAL;
}

static int
set_viewer_socket(struct options *options, const char *value)
{
	options->viewer_path = value;
	return *value != '\0' ? 0 : -EINVAL;
}

static int
set_modules(struct options *options, const char *value)
{
	options->modules = value;
	return *value == '/' ? 0 : -EINVAL;
}

static int
set_stdio(struct options *options, const char *value)
{
	options->stdio = true;
	return 0;
}

/* A group by name or number; 0 would be nobody's, to the console. */
static int
set_operators(struct options *options, const char *value)
{
	struct group *group = getgrnam(value);
	unsigned long n;
	char *end;

	if (group != NULL)
		n = group->gr_gid;
	else {
		errno = 0;
		n = strtoul(value, &end, 10);
		if (*value < '0' || *value > '9' || *end != '\0' ||
		    errno != 0 || n >= (gid_t)-1)
			return -EINVAL;
	}
	options->operators = (gid_t)n;
	return n != 0 ? 0 : -EINVAL;
}

static int
set_drain_timeout(struct options *options, const char *value)
{
	if (strcmp(value, "forever") == 0) {
		options->drain_timeout_us = EVTASK_FOREVER;
		return 0;
	}
	return evtask_ctl_duration_parse(value, &options->drain_timeout_us);
}

/* None is negative, to the console. */
static int
set_stall_threshold(struct options *options, const char *value)
{
	int r = evtask_ctl_duration_parse(value, &options->stall_us);

	if (r == 0 && options->stall_us == 0)
		options->stall_us = -1;
	return r;
}

static int
set_log_level(struct options *options, const char *value)
{
	return log_level_parse(value, &options->log_level);
}

/* A positive count; K, M and G multiply by 1024. */
static int
parse_count(const char *value, size_t *ret_count)
{
	static const char units[] = "KMG";
	const char *unit;
	unsigned long long n;
	char *end;
	int shift = 0;

	errno = 0;
	n = strtoull(value, &end, 10);
	unit = *end != '\0' ? strchr(units, *end) : NULL;
	if (unit != NULL) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 ||
	    n == 0 || n > COUNT_MAX >> shift)
		return -EINVAL;
	*ret_count = (size_t)n << shift;
	return 0;
}

static int
set_keep_done(struct options *options, const char *value)
{
	return parse_count(value, &options->keep_done);
}

static int
set_clients(struct options *options, const char *value)
{
	return parse_count(value, &options->clients);
}

static int
set_log_bytes(struct options *options, const char *value)
{
	return parse_count(value, &options->log_bytes);
}

/* One option. Without a value it is a flag, or (without set) --help or
 * --version: an answer, and the end. */
struct row {
	const char *name;
	char letter;
	const char *value;	/* what it takes, in a word */
	const char *expected;	/* and in a sentence */
	int (*set)(struct options *options, const char *value);
	char *(*answer)(void);
	const char *help;
};

static char *write_help(void);
static char *write_version(void);

static const struct row rows[] = {
	{ "socket", 's', "PATH", "a path",
	  .set = set_socket,
	  .help = "the control socket (default: $EVTASK_SOCKET,\n"
	    "$XDG_RUNTIME_DIR/evtask/control.sock, or for root\n"
	    "/run/evtask/control.sock)" },
	{ "viewer-socket", 'w', "PATH", "a path",
	  .set = set_viewer_socket,
	  .help = "a second socket, for all who can reach it, to\n"
	    "look and change nothing (default: none)" },
	{ "stdio", 'i',
	  .set = set_stdio,
	  .help = "serve the standard input and output, and no\n"
	    "socket; end when that client ends" },
	{ "operators", 'g', "GROUP", "a group, by name or number, but 0",
	  .set = set_operators,
	  .help = "who may create and cancel tasks beside root and\n"
	    "the user of evtaskd (default: nobody)" },
	{ "modules", 'm', "DIR", "an absolute path",
	  .set = set_modules,
	  .help = "where modules are loaded from (default:\n"
	    MODULES_DIR ")" },
	{ "drain-timeout", 't', "DURATION",
	  "a duration such as 90 or 1m30s, or forever",
	  .set = set_drain_timeout,
	  .help = "how long a first SIGTERM lets tasks go on before\n"
	    "it cancels them (default: 1m)" },
	{ "keep-done", 'k', "COUNT", "a count such as 500 or 10K",
	  .set = set_keep_done,
	  .help = "how many finished tasks are kept (default: 1000)" },
	{ "log-bytes", 'b', "BYTES", "a size such as 65536 or 4M",
	  .set = set_log_bytes,
	  .help = "how much of each task's output is kept\n"
	    "(default: 1M)" },
	{ "clients", 'c', "COUNT", "a count such as 500 or 10K",
	  .set = set_clients,
	  .help = "how many clients may be connected (default: 64)" },
	{ "stall-threshold", 'T', "DURATION",
	  "a duration such as 500ms, or 0",
	  .set = set_stall_threshold,
	  .help = "how long the loop may be blocked before that is\n"
	    "reported; 0: for ever (default: 200ms)" },
	{ "log-level", 'l', "LEVEL",
	  "error, warning, notice, info or debug",
	  .set = set_log_level,
	  .help = "what is told on stderr: error, warning, notice,\n"
	    "info (default) or debug" },
	{ "help", 'h', .answer = write_help,
	  .help = "print this, and end" },
	{ "version", 'V', .answer = write_version,
	  .help = "print the version, and end" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const char help_head[] =
    "Usage: evtaskd [OPTION]...\n"
    "Host tasks, and serve them on a control socket. Runs in the foreground;\n"
    "SIGTERM ends it when its tasks are done, a second one cancels them.\n"
    "\n";

static const char help_foot[] =
    "\n"
    "Exit status: 0 asked to end; 1 the system refused something; 2 wrong\n"
    "usage; 3 another process serves the socket; 4 the socket cannot be made.\n"
    "As a service: systemctl --user start evtaskd. The manual: evtaskd(8).\n";

#define NAMES 24 /* columns of the names of options, and a blank */

/* The help of one option, its further lines under the first; a name that is
 * too long has a line of its own. */
static void
write_row(FILE *out, const struct row *row)
{
	const char *line = row->help;
	size_t size;
	char name[32];

	snprintf(name, sizeof(name), "--%s%s%s", row->name,
	    row->value != NULL ? "=" : "",
	    row->value != NULL ? row->value : "");
	if (strlen(name) < NAMES)
		fprintf(out, "  -%c, %-*s ", row->letter, NAMES, name);
	else
		fprintf(out, "  -%c, %s\n%31s", row->letter, name, "");
	while ((size = strcspn(line, "\n")), line[size] != '\0') {
		fprintf(out, "%.*s\n%31s", (int)size, line, "");
		line += size + 1;
	}
	fprintf(out, "%s\n", line);
}

static char *
write_help(void)
{
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	fputs(help_head, out);
	for (i = 0; i < N_ROWS; i++)
		write_row(out, &rows[i]);
	fputs(help_foot, out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static char *
write_version(void)
{
	return strdup("evtaskd " PACKAGE_VERSION "\n");
}

/* -EINVAL and the sentence; -ENOMEM without. */
static int EVTASK_PRINTF(2, 3)
refuse(char **ret_text, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(ret_text, fmt, ap);
	va_end(ap);
	if (n < 0)
		*ret_text = NULL;
	return n < 0 ? -ENOMEM : -EINVAL;
}

/* Finds the row of "--name", "--name=value" or "-n"; *ret_value is what
 * stands behind the "=", or NULL. */
static const struct row *
find_row(const char *word, const char **ret_value)
{
	const char *equals = strchr(word, '=');
	size_t i, size = equals != NULL ? (size_t)(equals - word)
	    : strlen(word);

	*ret_value = NULL;
	for (i = 0; i < N_ROWS; i++) {
		if (word[0] == '-' && word[1] == rows[i].letter &&
		    word[2] == '\0')
			return &rows[i];
		if (size == strlen(rows[i].name) + 2 &&
		    strncmp(word, "--", 2) == 0 &&
		    strncmp(word + 2, rows[i].name, size - 2) == 0) {
			*ret_value = equals != NULL ? equals + 1 : NULL;
			return &rows[i];
		}
	}
	return NULL;
}

static int
refuse_word(const char *word, char **ret_text)
{
	char name[32];
	struct evtask_ctl_nearest nearest = { .word = name + 2 };
	size_t i;

	if (word[0] != '-')
		return refuse(ret_text, "there is nothing to do with \"%s\": "
		    "evtaskd takes options only; see evtaskd --help", word);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	for (i = 0; i < N_ROWS && strncmp(name, "--", 2) == 0; i++)
		evtask_ctl_nearest_offer(&nearest, rows[i].name);
	if (nearest.best != NULL)
		return refuse(ret_text, "there is no option %s; did you mean "
		    "--%s?", word, nearest.best);
	return refuse(ret_text, "there is no option %s; see evtaskd --help",
	    word);
}

/* What takes no value. 0; 1, and it was answered; or an error. */
static int
take_flag(struct options *options, const struct row *row, const char *value,
    char **ret_text)
{
	if (value != NULL)
		return refuse(ret_text, "--%s takes no value; leave out "
		    "\"=%s\"", row->name, value);
	if (row->set != NULL)
		return row->set(options, NULL);
	*ret_text = row->answer();
	return *ret_text != NULL ? 1 : -ENOMEM;
}

/* What cannot be together. */
static int
check(const struct options *options, char **ret_text)
{
	if (options->stdio && options->socket_path != NULL)
		return refuse(ret_text, "--stdio serves no socket: leave out "
		    "--socket=%s", options->socket_path);
	return 0;
}

int
options_parse(struct options *options, int argc, char *const *argv,
    char **ret_text)
{
	const struct row *row;
	const char *value;
	int i, r;

	*options = (struct options){
		.log_level = LOG_LEVEL_INFO, .modules = MODULES_DIR,
		.drain_timeout_us = DRAIN_TIMEOUT_US,
		.keep_done = KEEP_DONE, .stall_us = STALL_US,
		.log_bytes = LOG_BYTES, .clients = CLIENTS,
	};
	for (i = 1; i < argc; i++) {
		row = find_row(argv[i], &value);
		if (row == NULL)
			return refuse_word(argv[i], ret_text);
		if (row->value == NULL) {
			r = take_flag(options, row, value, ret_text);
			if (r != 0)
				return r;
			continue;
		}
		if (value == NULL && i + 1 < argc)
			value = argv[++i];
		if (value == NULL)
			return refuse(ret_text, "--%s wants a %s: %s",
			    row->name, row->value, row->expected);
		if (row->set(options, value) < 0)
			return refuse(ret_text, "--%s takes %s, not \"%s\"",
			    row->name, row->expected, value);
	}
	return check(options, ret_text);
}
