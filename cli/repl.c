/*
 * repl.c - the prompt.
 *
 *	editing --line--> running --verb done--> editing
 *	   |
 *	   +--Ctrl-D, quit--> leaving
 *
 * A verb runs in a task of its own; what is typed meanwhile waits for the next
 * line. Ctrl-C is for the line that is edited, or the request that runs: never
 * for the task it is about. A keeper beside it holds the connection and tells
 * what happens.
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
#include "counts.h"
#include "editor.h"
#include "exits.h"
#include "ghost.h"
#include "history.h"
#include "keeper.h"
#include "news.h"
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
	struct news news;
	struct keeper keeper;
	struct evtask *keeping;      /* the keeper's task */
	char *history;               /* where it is kept; or NULL */
	bool unkept;                 /* it could not be, and that was said */
	struct editor editor;
	char *line;                  /* that runs */
	struct evtask *verb;         /* that runs; or NULL */
	bool detached;               /* by Ctrl-Z */
	int code;                    /* of the verb */
	struct prompt prompt;
};

static void
on_changed(void *arg)
{
	editor_redraw(arg);
}

/* Numbers that come late: not a word more than needed moves. */
static void
on_counts(void *arg)
{
	struct repl *repl = arg;
	char before[PROMPT_SIZE], text[PROMPT_SIZE];

	strcpy(before, repl->prompt.shown);
	prompt_write(&repl->prompt, repl->editor.begun != NULL, text);
	if (strcmp(before, repl->prompt.shown) != 0)
		editor_redraw(&repl->editor);
}

static void
on_interrupt(void *arg)
{
	struct repl *repl = arg;

	if (repl->notices.editing) {
		editor_interrupt(&repl->editor);
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
	editor_resize(&repl->editor);
}

/* Back from a stop: somebody else has had the terminal. */
static void
on_continue(void *arg)
{
	struct repl *repl = arg;

	if (repl->terminal.lent)
		return;
	editor_suspend(&repl->editor);
	terminal_take(&repl->terminal);
	editor_resume(&repl->editor);
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
	if (repl->notices.editing) {
		ghost_hide(&repl->ghost);
		fputc('\n', rl_outstream);
	}
	editor_suspend(&repl->editor);
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
	if (repl->notices.editing)
		editor_leave(&repl->editor);
	else if (repl->verb != NULL)
		evtask_cancel(repl->verb, "the prompt ends");
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

	editor_offer(&repl->editor, NULL);
	if (tasks == NULL) {
		out_note(out, "\ninterrupted");
		return;
	}
	if (!repl->detached) {
		editor_offer(&repl->editor, join("cancel", tasks));
		out_note(out, "\ninterrupted; Ctrl-C again offers to cancel");
		return;
	}
	news_promise(&repl->news, tasks);
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
	news_catch_up(&repl->news);
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

	if (repl->editor.begun == NULL)
		repl->editor.begun = strdup(piece);
	else if (words_join(&repl->editor.begun, piece) < 0)
		return 0;
	if (repl->editor.begun == NULL || words_go_on(repl->editor.begun, true))
		return 0;
	repl->line = repl->editor.begun;
	repl->editor.begun = NULL;
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
	char *rest = repl->editor.text, *piece;
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
	int r = editor_read(&repl->editor);

	if (r < 0 || repl->editor.text == NULL) {
		/* Ctrl-D within a line that goes on leaves only that. */
		repl->cli->quit |= r < 0 || repl->editor.begun == NULL;
		free(repl->editor.begun);
		repl->editor.begun = NULL;
		return r;
	}
	repl->code = 0;
	r = run_entered(repl);
	free(repl->editor.text);
	repl->editor.text = NULL;
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
	editor_stop(&repl->editor);
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
	editor_release(&repl->editor);
	notices_release(&repl->notices);
	picture_release(&repl->picture);
	json_object_put(repl->cli->told);
	repl->cli->told = NULL;
	json_object_put(repl->cli->asked);
	repl->cli->asked = NULL;
	free(repl->history);
}

int
repl_run(struct cli *cli)
{
	struct repl repl = { .cli = cli };
	int r;

	cli->out.prompt = true;
	repl.notices = (struct notices){ .ghost = &repl.ghost,
	    .changed = editor_on_notice, .arg = &repl.editor };
	repl.editor = (struct editor){ .notices = &repl.notices,
	    .ghost = &repl.ghost, .prompt = &repl.prompt };
	repl.prompt = (struct prompt){ .cli = cli, .counts = &repl.counts };
	repl.counts = (struct counts){ .cli = cli, .picture = &repl.picture,
	    .changed = on_counts, .arg = &repl };
	repl.news = (struct news){ .cli = cli, .picture = &repl.picture,
	    .notices = &repl.notices, .counts = &repl.counts };
	repl.keeper = (struct keeper){ .cli = cli, .picture = &repl.picture,
	    .notices = &repl.notices, .counts = &repl.counts,
	    .news = &repl.news, .changed = on_changed, .arg = &repl.editor };
	r = start(&repl);
	while (r == 0 && !cli->quit)
		r = turn(&repl);
	finish(&repl);
	return r < 0 ? r : EXIT_OK;
}
