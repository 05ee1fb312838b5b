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
#include "ghost.h"
#include "history.h"
#include "keeper.h"
#include "notice.h"
#include "picture.h"
#include "prompt.h"
#include "script.h"
#include "secret.h"
#include "tab.h"
#include "terminal.h"
#include "text.h"
#include "words.h"

struct repl {
	struct cli *cli;
	struct terminal terminal;
	struct picture picture;
	struct tab tab;
	struct ghost ghost;
	struct notices notices;
	struct counts counts;
	struct keeper keeper;
	struct evtask *keeping;      /* the keeper's task */
	char *history;               /* where it is kept; or NULL */
	bool unkept;                 /* it could not be, and that was said */
	char *entered_text;          /* by readline; NULL: Ctrl-D */
	struct evtask_future *entered; /* settled with that */
	char *begun;                 /* a line that goes on in the next; or NULL */
	char *line;                  /* that runs */
	char *offer;                 /* what a second Ctrl-C is for; or NULL */
	struct evtask *verb;         /* that runs; or NULL */
	bool detached;               /* by Ctrl-Z */
	int code;                    /* of the verb */
	struct prompt prompt;
};

static struct repl *the_repl;

/* The prompt says something else from now on; the line is drawn by others. */
static void
on_notice(void *arg)
{
	struct repl *repl = arg;
	char text[PROMPT_SIZE];

	prompt_write(&repl->prompt, repl->begun != NULL, text);
	rl_set_prompt(text);
}

static void
on_changed(void *arg)
{
	struct repl *repl = arg;

	if (!repl->notices.editing)
		return;
	ghost_hide(&repl->ghost);
	rl_clear_visible_line();
	on_notice(repl);
	rl_on_new_line();
	rl_redisplay();
	ghost_show(&repl->ghost);
}

/* Numbers that come late: not a word more than needed moves. */
static void
on_counts(void *arg)
{
	struct repl *repl = arg;
	char before[PROMPT_SIZE], text[PROMPT_SIZE];

	strcpy(before, repl->prompt.shown);
	prompt_write(&repl->prompt, repl->begun != NULL, text);
	if (strcmp(before, repl->prompt.shown) != 0)
		on_changed(repl);
}

static void
set_editing(struct repl *repl, bool editing)
{
	repl->notices.editing = repl->ghost.editing = editing;
}

static void
stop_editing(struct repl *repl)
{
	if (!repl->notices.editing)
		return;
	set_editing(repl, false);
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
	repl->entered_text = line;
	stop_editing(repl);
	evtask_set_result(repl->entered, evtask_value_none());
}

static void
forget_offer(struct repl *repl)
{
	free(repl->offer);
	repl->offer = NULL;
}

static void
on_key(void *arg)
{
	struct repl *repl = arg;

	ghost_hide(&repl->ghost);
	forget_offer(repl);
	rl_callback_read_char();
	if (repl->notices.editing)
		notices_flush(&repl->notices);
	ghost_show(&repl->ghost);
}

static int
begin_editing(struct repl *repl)
{
	char text[PROMPT_SIZE];

	notices_flush(&repl->notices);
	prompt_write(&repl->prompt, repl->begun != NULL, text);
	set_editing(repl, true);
	rl_callback_handler_install(text, on_line);
	return evtask_loop_add_reader(NULL, STDIN_FILENO, on_key, repl);
}

/* Ctrl-C on a line: it is left as it stands, and a new one begun. */
static void
abandon_line(struct repl *repl)
{
	char text[PROMPT_SIZE];

	ghost_hide(&repl->ghost);
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_point = rl_end;
	fputs("^C\n", rl_outstream);
	free(repl->begun);
	repl->begun = NULL;
	prompt_write(&repl->prompt, repl->begun != NULL, text);
	rl_set_prompt(text);
	rl_replace_line("", 1);
	rl_on_new_line();
	rl_redisplay();
	notices_flush(&repl->notices);
}

/* The second Ctrl-C: the line that cancels the task, to be entered or not. */
static void
make_offer(struct repl *repl)
{
	rl_insert_text(repl->offer);
	forget_offer(repl);
	rl_redisplay();
	ghost_show(&repl->ghost);
}

static void
on_interrupt(void *arg)
{
	struct repl *repl = arg;

	if (repl->notices.editing) {
		if (repl->offer != NULL && rl_end == 0)
			make_offer(repl);
		else
			abandon_line(repl);
		return;
	}
	if (!repl->terminal.lent) /* the terminal does not echo */
		fputs("^C", repl->cli->out.prose);
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
	if (!repl->notices.editing)
		return;
	ghost_hide(&repl->ghost);
	rl_resize_terminal();
	ghost_show(&repl->ghost);
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
	fputc('\r', rl_outstream); /* twice is as good as once */
	rl_on_new_line();
	rl_redisplay();
	ghost_show(&repl->ghost);
}

/* Ctrl-Z while a verb runs: it is not waited for any longer. */
static void
detach(struct repl *repl)
{
	fputs("^Z", repl->cli->out.prose);
	repl->detached = true;
	evtask_cancel(repl->verb, "Ctrl-Z");
}

/* Ctrl-Z on a line: the shell gets its terminal as it was. */
static void
on_stop(void *arg)
{
	struct repl *repl = arg;

	if (repl->verb != NULL && !repl->terminal.lent) {
		detach(repl);
		return;
	}
	ghost_hide(&repl->ghost);
	if (repl->notices.editing) {
		fputc('\n', rl_outstream);
		rl_deprep_terminal();
	}
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

static void
set_up_readline(struct repl *repl)
{
	rl_readline_name = "evtask"; /* $if evtask in ~/.inputrc */
	rl_catch_signals = 0;        /* the loop has them */
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	terminal_set_up_readline();
	tab_set_up(&repl->tab);
}

static int
run_verb(void *arg)
{
	struct repl *repl = arg;

	repl->code = cli_run_line(repl->cli, repl->line);
	return 0;
}

static char *
join(const char *verb, struct json_object *words)
{
	char *line = NULL, *word;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (out == NULL)
		return NULL;
	fputs(verb, out);
	for (size_t i = 0; i < json_object_array_length(words); i++) {
		word = words_quote(json_object_get_string(
		    json_object_array_get_idx(words, i)));
		fprintf(out, " %s", word != NULL ? word : "?");
		free(word);
	}
	fclose(out);
	return line;
}

/* The request has ended; its tasks go on. */
static void
tell_interrupted(struct repl *repl)
{
	struct json_object *tasks = repl->cli->asked;
	struct out *out = &repl->cli->out;
	char *names;

	forget_offer(repl);
	if (tasks == NULL) {
		out_note(out, "\ninterrupted");
		return;
	}
	if (!repl->detached) {
		repl->offer = join("cancel", tasks);
		out_note(out, "\ninterrupted; Ctrl-C again offers to cancel");
		return;
	}
	keeper_promise(&repl->keeper, tasks);
	names = join("", tasks);
	out_note(out, "\nyou will be told when%s is done",
	    names != NULL ? names : "");
	free(names);
}

/* Runs fn(repl) as a verb, a task of its own. Returns 0, or -ECANCELED for
 * ourselves. */
static int
run_task(struct repl *repl, evtask_fn fn)
{
	int r;

	repl->notices.held = true;
	repl->detached = false;
	r = evtask_create(fn, repl, NULL, &repl->verb);
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
		tell_interrupted(repl);
	return r < 0 ? r : counts_take(&repl->counts);
}

static void
keep_line(struct repl *repl)
{
	struct complete_source source = { picture_tasks, picture_coroutines,
	    picture_document, &repl->picture, .prompt = true };
	int r = 0;

	if (!secret_is_in(repl->line, &source))
		r = history_keep(repl->history, repl->line);
	if (r == 0 || repl->unkept)
		return;
	repl->unkept = true;
	notice(&repl->notices, "* the history cannot be kept: %s: %s",
	    repl->history, strerror(-r));
}

/* One line of what was entered, or a part of one that goes on. */
static int
run_piece(struct repl *repl, const char *piece, bool shown)
{
	int r;

	if (repl->begun == NULL)
		repl->begun = strdup(piece);
	else if (words_join(&repl->begun, piece) < 0)
		return 0;
	if (repl->begun == NULL || words_go_on(repl->begun, true))
		return 0;
	repl->line = repl->begun;
	repl->begun = NULL;
	if (!shown)
		out_printf(&repl->cli->out, "%s%s\n", repl->prompt.shown,
		    repl->line);
	keep_line(repl);
	r = run_task(repl, run_verb);
	free(repl->line);
	repl->line = NULL;
	return r;
}

/* Runs what was entered: a line, or many of them that were pasted. */
static int
run_entered(struct repl *repl)
{
	char *rest = repl->entered_text, *piece;
	bool shown = true;
	int r = 0;

	while (r == 0 && rest != NULL && !repl->cli->quit) {
		piece = strsep(&rest, "\n");
		if (rest == NULL && *piece == '\0' && !shown)
			break; /* the end of the last one that was pasted */
		r = run_piece(repl, piece, shown);
		if (repl->code == -ECANCELED)
			break; /* Ctrl-C is for all of them */
		shown = false;
	}
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
	if (r < 0 || repl->entered_text == NULL) {
		/* Ctrl-D within a line that goes on leaves only that. */
		repl->cli->quit |= r < 0 || repl->begun == NULL;
		free(repl->begun);
		repl->begun = NULL;
		return r;
	}
	repl->code = 0;
	r = run_entered(repl);
	free(repl->entered_text);
	repl->entered_text = NULL;
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

/* The lines of the start-up file, if there is one. */
static int
run_startup(void *arg)
{
	struct repl *repl = arg;
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int r = -1;

	if (config != NULL && config[0] == '/')
		r = asprintf(&path, "%s/evtask/startup", config);
	else if (home != NULL && home[0] == '/')
		r = asprintf(&path, "%s/.config/evtask/startup", home);
	if (r >= 0 && access(path, F_OK) == 0)
		repl->code = script_run(repl->cli, path);
	if (r >= 0)
		free(path);
	return 0;
}

static int
start(struct repl *repl)
{
	int r = picture_init(&repl->picture);

	if (r < 0)
		return r;
	repl->tab = (struct tab){ .out = &repl->cli->out,
	    .picture = &repl->picture };
	repl->ghost = (struct ghost){ .out = &repl->cli->out,
	    .picture = &repl->picture, .prompt = repl->prompt.shown };
	set_up_readline(repl);
	terminal_take(&repl->terminal);
	repl->cli->terminal = &repl->terminal;
	repl->history = history_path();
	history_load(repl->history);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		evtask_loop_add_signal_handler(NULL, signals[i].signo,
		    signals[i].fn, repl);
	greet(repl);
	r = evtask_create(keeper_run, &repl->keeper, NULL, &repl->keeping);
	return r < 0 ? r : run_task(repl, run_startup);
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
	counts_release(&repl->counts);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		evtask_loop_remove_signal_handler(NULL, signals[i].signo);
	tab_release(&repl->tab);
	forget_offer(repl);
	notices_release(&repl->notices);
	picture_release(&repl->picture);
	json_object_put(repl->cli->told);
	repl->cli->told = NULL;
	json_object_put(repl->cli->asked);
	repl->cli->asked = NULL;
	free(repl->history);
	free(repl->begun);
	the_repl = NULL;
}

int
repl_run(struct cli *cli)
{
	struct repl repl = { .cli = cli };
	int r;

	the_repl = &repl;
	cli->out.prompt = true;
	repl.notices = (struct notices){ .ghost = &repl.ghost,
	    .changed = on_notice, .arg = &repl };
	repl.prompt = (struct prompt){ .cli = cli, .counts = &repl.counts };
	repl.counts = (struct counts){ .cli = cli, .picture = &repl.picture,
	    .changed = on_counts, .arg = &repl };
	repl.keeper = (struct keeper){ .cli = cli, .picture = &repl.picture,
	    .notices = &repl.notices, .counts = &repl.counts,
	    .changed = on_changed, .arg = &repl };
	r = start(&repl);
	while (r == 0 && !cli->quit)
		r = turn(&repl);
	finish(&repl);
	return r < 0 ? r : EXIT_OK;
}
