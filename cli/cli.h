/*
 * cli.h - one run of evtask: its settings, its connection, its output.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <evtask/base.h>
#include "out.h"
#include "settings.h"

struct command;
struct generated;
struct invocation;
struct json_object;
struct remote;
struct stream;
struct terminal;
struct words;

enum cli_mode {
	CLI_ONE_SHOT, /* evtask VERB ... */
	CLI_SCRIPT,   /* evtask < script, evtask -f script */
	CLI_PROMPT,   /* evtask, on a terminal */
};

struct cli {
	enum cli_mode mode;
	struct settings settings; /* of the line that runs */
	struct out out;
	struct remote *remote;    /* NULL: not connected, yet */
	int64_t last;             /* the task created last; 0: none */
	void (*interrupt)(void *arg); /* what Ctrl-C does; NULL: as usual */
	void *interrupt_arg;
	struct json_object *asked; /* words for the tasks of the line that runs,
	                            * or ran; NULL: none. The prompt's. */
	struct json_object *sticky; /* options for all lines to come */
	struct json_object *told; /* ids whose end a verb has told; or NULL */
	struct json_object *document; /* the server's protocol; NULL: unasked */
	struct terminal *terminal; /* the prompt's; NULL elsewhere */
	bool quit;                /* the prompt is to end */
};

/* The program. Returns its exit code. */
int cli_main(int argc, char **argv);

/*
 * Runs one line's words, in a task: an exit code, all being said.
 * -ECANCELED: interrupted.
 */
EVTASK_SUSPENDS int cli_run_words(struct cli *cli, const struct words *words);
/* The same for a line as typed; an empty one is fine. */
EVTASK_SUSPENDS int cli_run_line(struct cli *cli, const char *line);

/*
 * From now on Ctrl-C (and SIGTERM, away from the prompt) calls fn(arg) from
 * the loop; NULL: as usual again.
 */
void
cli_on_interrupt(struct cli *cli, void (*fn)(void *arg), void *arg);

/* A program beside us is to use the terminal; or has done so. */
void cli_lend_terminal(struct cli *cli, bool lent);

/*
 * Looks for a verb that is made from a method: of the protocol as this evtask
 * knows it, or else as the server describes it. NULL: there is none.
 */
EVTASK_SUSPENDS struct generated *
cli_generate(struct cli *cli, const char *name);

/* The same, of the server's protocol only when that has been asked for: the
 * document, to put. */
struct json_object *cli_document(const struct cli *cli);

/* Ties the standard input and output to the socket, until one of them ends.
 * Returns an exit code, all being said; -ECANCELED. */
EVTASK_SUSPENDS int cli_bridge(struct cli *cli);

/* At the prompt: the line is about this task, too, which it makes. The TaskRef
 * is borrowed; NULL is fine. */
void cli_note_task(struct cli *cli, struct json_object *task);

/*
 * Waits so long for somebody to serve the socket. Returns 0, or as asking would
 * then: an exit code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int cli_await_server(struct cli *cli, int64_t patience_us);

/*
 * Asks the server. params are taken. Returns 0 and *ret_result, to put; an
 * exit code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int
cli_ask(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result);

/* Asks what takes no params, and prints what came: for people by render();
 * NULL: to them it says nothing. */
EVTASK_SUSPENDS int
cli_show(struct cli *cli, const char *method,
    void (*render)(struct out *out, struct json_object *result));

/* As cli_ask(), where an error is the caller's affair: -EREMOTEIO and
 * *ret_error, to put. */
EVTASK_SUSPENDS int
cli_try(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result, struct json_object **ret_error);

/* The same without a word, and without a connection being opened at the
 * prompt: a member of the result, to put; NULL, whatever the reason. */
EVTASK_SUSPENDS struct json_object *
cli_ask_silently(struct cli *cli, const char *method,
    struct json_object *params, const char *member);

/* The same, for a method that opens a subscription. */
EVTASK_SUSPENDS int
cli_subscribe(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result, struct stream **ret_stream);

/* Says an error of the protocol. Returns its exit code. */
int cli_complain(struct cli *cli, struct json_object *error);

/* The verb has told how this task ended: at the prompt, no notice will. */
void cli_tell_end(struct cli *cli, int64_t id);

/* Says that memory is short. Returns the exit code. */
int cli_no_memory(struct cli *cli);

#endif
