/*
 * repl.c - the prompt.
 *
 *	editing --line--> running --verb done--> editing
 *	   |
 *	   +--Ctrl-D, quit--> leaving
 *
 * Readline is driven by its callback interface from the loop: a key is an
 * event among others, and nothing ever blocks. A verb runs in a task of its
 * own; what is typed meanwhile waits for the next line. Ctrl-C is for the line
 * that is edited, or the request that runs: never for the task it is about. A
 * keeper beside it holds the connection and tells what happens.
 *
 * Readline knows one line at a time in one process, and passes its callbacks
 * nothing: the one static pointer here is what they find the prompt by.
 */
#include "repl.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>
#include <readline/readline.h>
#include "cli.h"
#include "complete.h"
#include "exits.h"
#include "history.h"
#include "keeper.h"
#include "notice.h"
#include "picture.h"
#include "remote.h"
#include "terminal.h"
#include "text.h"
#include "words.h"

#define SHOWN_MAX 30 /* candidates shown at once */

struct repl {
	struct cli *cli;
	struct terminal terminal;
	struct picture picture;
	struct notices notices;
	struct keeper keeper;
	struct evtask *keeping;      /* the keeper's task */
	char *history;               /* where it is kept; or NULL */
	char *line;                  /* entered; NULL: Ctrl-D */
	struct evtask_future *entered; /* settled with the line */
	struct evtask *verb;         /* that runs; or NULL */
	int code;                    /* of the verb */
	struct candidates candidates; /* the ones Tab showed last */
};

static struct repl *the_repl;

/* The prompt's text; what takes no room is marked for readline. */
static void
prompt_text(const struct repl *repl, char *text, size_t size)
{
	bool alive = remote_alive(repl->cli->remote);
	const char *name = alive ? "evtask" : "no server";

	if (repl->cli->out.color)
		snprintf(text, size, "\001\033[1;%dm\002%s>\001\033[0m\002 ",
		    alive ? 32 : 33, name);
	else
		snprintf(text, size, "%s> ", name);
}

static void
on_changed(void *arg)
{
	struct repl *repl = arg;
	char text[64];

	if (!repl->notices.editing)
		return;
	prompt_text(repl, text, sizeof(text));
	rl_clear_visible_line();
	rl_set_prompt(text);
	rl_on_new_line();
	rl_redisplay();
}

static void
stop_editing(struct repl *repl)
{
	if (!repl->notices.editing)
		return;
	repl->notices.editing = false;
	evtask_loop_remove_reader(NULL, STDIN_FILENO);
	rl_callback_handler_remove();
}

/* Readline has a line for us; NULL is Ctrl-D. */
static void
on_line(char *line)
{
	struct repl *repl = the_repl;

	if (line == NULL)
		fputc('\n', rl_outstream);
	repl->line = line;
	stop_editing(repl);
	evtask_set_result(repl->entered, evtask_value_none());
}

static void
on_key(void *arg)
{
	struct repl *repl = arg;

	rl_callback_read_char();
	if (repl->notices.editing)
		notices_flush(&repl->notices);
}

static int
begin_editing(struct repl *repl)
{
	char text[64];

	notices_flush(&repl->notices);
	prompt_text(repl, text, sizeof(text));
	rl_callback_handler_install(text, on_line);
	repl->notices.editing = true;
	return evtask_loop_add_reader(NULL, STDIN_FILENO, on_key, repl);
}

/* Ctrl-C on a line: it is left as it stands, and a new one begun. */
static void
abandon_line(struct repl *repl)
{
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_point = rl_end;
	fputs("^C\n", rl_outstream);
	rl_replace_line("", 1);
	rl_on_new_line();
	rl_redisplay();
	notices_flush(&repl->notices);
}

static void
on_interrupt(void *arg)
{
	struct repl *repl = arg;

	if (repl->notices.editing) {
		abandon_line(repl);
		return;
	}
	fputs("^C", repl->cli->out.prose); /* the terminal does not echo */
	if (repl->cli->interrupt != NULL)
		repl->cli->interrupt(repl->cli->interrupt_arg);
	else if (repl->verb != NULL)
		evtask_cancel(repl->verb, "Ctrl-C");
}

static void
on_resize(void *arg)
{
	struct repl *repl = arg;

	out_measure(&repl->cli->out);
	if (repl->notices.editing)
		rl_resize_terminal();
}

/* Back from a stop: somebody else has had the terminal. */
static void
on_continue(void *arg)
{
	struct repl *repl = arg;

	if (repl->terminal.lent)
		return;
	if (repl->notices.editing)
		rl_deprep_terminal();
	terminal_take(&repl->terminal);
	if (!repl->notices.editing)
		return;
	rl_prep_term_function(1);
	rl_forced_update_display();
}

/* Ctrl-Z: the shell gets its terminal as it was. */
static void
on_stop(void *arg)
{
	struct repl *repl = arg;

	if (repl->notices.editing)
		rl_deprep_terminal();
	if (!repl->terminal.lent)
		terminal_give_back(&repl->terminal);
	evtask_loop_remove_signal_handler(NULL, SIGTSTP);
	raise(SIGTSTP); /* here we stand, until we are continued */
	evtask_loop_add_signal_handler(NULL, SIGTSTP, on_stop, repl);
	on_continue(repl);
}

static void
on_terminate(void *arg)
{
	struct repl *repl = arg;

	repl->cli->quit = true;
	if (repl->notices.editing) {
		fputc('\n', rl_outstream);
		stop_editing(repl);
		evtask_set_result(repl->entered, evtask_value_none());
	} else if (repl->verb != NULL) {
		evtask_cancel(repl->verb, "the prompt ends");
	}
}

static const struct {
	int signo;
	void (*fn)(void *arg);
} signals[] = {
	{ SIGINT, on_interrupt },
	{ SIGWINCH, on_resize },
	{ SIGTSTP, on_stop },
	{ SIGCONT, on_continue },
	{ SIGTERM, on_terminate },
	{ SIGHUP, on_terminate },
};

/* The candidates for what stands before the cursor. */
static int
find_candidates(struct repl *repl)
{
	struct complete_source source = { picture_tasks, picture_coroutines,
	    picture_document, &repl->picture, .prompt = true };
	char *line = strndup(rl_line_buffer, (size_t)rl_point);
	struct words words;
	int r;

	complete_release(&repl->candidates);
	if (line == NULL)
		return -ENOMEM;
	r = words_cut(line, &words, NULL);
	free(line);
	if (r < 0)
		return r;
	if (words.finished)
		r = words_add(&words, "");
	if (r == 0)
		r = complete_words(&words, &source, &repl->candidates);
	words_release(&words);
	return r;
}

static size_t
common_size(const struct candidates *candidates)
{
	const char *first = candidates->v[0].text, *other;
	size_t size = strlen(first), n;

	for (size_t i = 1; i < candidates->n; i++) {
		other = candidates->v[i].text;
		for (n = 0; n < size && first[n] == other[n]; n++)
			;
		size = n;
	}
	return size;
}

/* What readline wants: what all have in common, then all of them. */
static char **
on_complete(const char *text, int start, int end)
{
	struct repl *repl = the_repl;
	const struct candidates *found = &repl->candidates;
	char **matches;

	rl_attempted_completion_over = 1;
	if (find_candidates(repl) < 0 || found->n == 0)
		return NULL;
	rl_completion_append_character = found->open ? '\0' : ' ';
	matches = calloc(found->n + 2, sizeof(*matches));
	if (matches == NULL)
		return NULL;
	if (found->n == 1) {
		matches[0] = rl_completion_quote_character != 0 ?
		    strdup(found->v[0].text) : words_quote(found->v[0].text);
		return matches;
	}
	matches[0] = strndup(found->v[0].text, common_size(found));
	for (size_t i = 0; i < found->n; i++)
		matches[i + 1] = strdup(found->v[i].text);
	return matches;
}

/* Shows the candidates of the last Tab, each with its words. */
static void
on_show_matches(char **matches, int n, int longest)
{
	const struct candidates *found = &the_repl->candidates;
	struct out *out = &the_repl->cli->out;
	size_t room = out->width > (size_t)longest + 5 ?
	    out->width - (size_t)longest - 5 : 0;

	rl_crlf();
	for (size_t i = 0; i < found->n && i < SHOWN_MAX; i++) {
		fputs("  ", rl_outstream);
		text_print(rl_outstream, found->v[i].text, false);
		fprintf(rl_outstream, "%*s%s", (int)((size_t)longest + 2 -
		    text_width(found->v[i].text)), "",
		    out_paint(out, PAINT_DIM));
		text_print_cut(rl_outstream, found->v[i].doc, room);
		fprintf(rl_outstream, "%s\n", out_plain(out));
	}
	if (found->n > SHOWN_MAX)
		fprintf(rl_outstream, "  ... and %zu more\n",
		    found->n - SHOWN_MAX);
	rl_on_new_line();
	rl_forced_update_display();
}

static void
set_up_readline(void)
{
	rl_readline_name = "evtask"; /* $if evtask in ~/.inputrc */
	rl_catch_signals = 0;        /* the loop has them */
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_completion_query_items = -1; /* asking would block the loop */
	rl_basic_word_break_characters = " \t\n";
	rl_completer_word_break_characters = " \t\n";
	rl_completer_quote_characters = "\"'";
	rl_attempted_completion_function = on_complete;
	rl_completion_display_matches_hook = on_show_matches;
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("page-completions", "off");
	terminal_set_up_readline();
}

static int
run_verb(void *arg)
{
	struct repl *repl = arg;

	repl->code = cli_run_line(repl->cli, repl->line);
	return 0;
}

/* Runs the line that was entered. Returns 0, or -ECANCELED for ourselves. */
static int
run_line(struct repl *repl)
{
	int r;

	repl->notices.held = true;
	r = evtask_create(run_verb, repl, NULL, &repl->verb);
	if (r == 0) {
		r = evtask_await(repl->verb);
		if (r < 0) {
			evtask_cancel(repl->verb, NULL);
			return r; /* the loop ends with us, and unwinds it */
		}
		evtask_unref(repl->verb);
	}
	repl->verb = NULL;
	repl->notices.held = false;
	keeper_catch_up(&repl->keeper);
	if (repl->code == -ECANCELED)
		out_note(&repl->cli->out, "\ninterrupted");
	return r;
}

/* Edits one line and runs it. */
static int
turn(struct repl *repl)
{
	int r = evtask_future_new(NULL, &repl->entered);

	if (r == 0)
		r = begin_editing(repl);
	if (r == 0)
		r = evtask_await(repl->entered);
	evtask_future_unref(repl->entered);
	repl->entered = NULL;
	if (r < 0 || repl->line == NULL) {
		repl->cli->quit = true;
		return r;
	}
	history_keep(repl->history, repl->line);
	r = run_line(repl);
	free(repl->line);
	repl->line = NULL;
	return r;
}

static void
greet(struct repl *repl)
{
	char *why = NULL;

	if (keeper_open(&repl->keeper, &why) < 0)
		notice(&repl->notices, "%s", why != NULL ? why :
		    "no server");
	free(why);
}

static int
start(struct repl *repl)
{
	int r = picture_init(&repl->picture);

	if (r < 0)
		return r;
	set_up_readline();
	terminal_take(&repl->terminal);
	repl->cli->terminal = &repl->terminal;
	repl->history = history_path();
	history_load(repl->history);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		evtask_loop_add_signal_handler(NULL, signals[i].signo,
		    signals[i].fn, repl);
	greet(repl);
	return evtask_create(keeper_run, &repl->keeper, NULL, &repl->keeping);
}

static void
finish(struct repl *repl)
{
	stop_editing(repl);
	terminal_give_back(&repl->terminal);
	repl->cli->terminal = NULL;
	if (repl->keeping != NULL) {
		evtask_cancel(repl->keeping, NULL);
		if (evtask_await(repl->keeping) < 0)
			out_note(&repl->cli->out, "interrupted");
		evtask_unref(repl->keeping);
	}
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		evtask_loop_remove_signal_handler(NULL, signals[i].signo);
	complete_release(&repl->candidates);
	notices_release(&repl->notices);
	picture_release(&repl->picture);
	json_object_put(repl->cli->told);
	repl->cli->told = NULL;
	free(repl->history);
	free(repl->line);
	the_repl = NULL;
}

int
repl_run(struct cli *cli)
{
	struct repl repl = { .cli = cli };
	int r;

	the_repl = &repl;
	cli->out.prompt = true;
	repl.keeper = (struct keeper){ .cli = cli, .picture = &repl.picture,
	    .notices = &repl.notices, .changed = on_changed, .arg = &repl };
	r = start(&repl);
	while (r == 0 && !cli->quit)
		r = turn(&repl);
	finish(&repl);
	return r < 0 ? r : EXIT_OK;
}
