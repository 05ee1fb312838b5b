/*
 * command.c - THE table of verbs.
 *
 * One row says everything of a verb: its grammar, its words for help, what
 * completes its arguments, the methods behind it, the function that runs it.
 * The prompt, a one-shot command line, a script and the shells' completion all
 * read it. Types, values and words of the options come from the protocol's own
 * table wherever an option stands for a parameter.
 *
 * If you add a verb here: its function in verbs.h, its line in evtask(1), and
 * its cases in tests/e2e.
 */
#include "command.h"

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
#define OPT(called, short, field) \
	{ .name = (called), .letter = (short), .param = (field) }

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
#define MANY_TASKS(which) \
	{ "TASK", ARG_TASK, .many = true, .want = (which), .param = "tasks" }
#define OUTCOMES EXIT_RAISED, EXIT_CANCELLED

static const struct command commands[] = {
	{
		.name = "create",
		.summary = "create a task, and print its id",
		.doc = "The arguments are the coroutine's own: see "
		    "\"evtask coroutines NAME\". key=value is typed by its "
		    "schema, a.b=value is a member, key:=JSON is anything. "
		    "Words after -- are a command to run, where the "
		    "coroutine takes one. With --wait, the result is printed "
		    "instead of the id.",
		.methods = METHODS("task.create", "coroutine.get"),
		.args = ARGS({ "COROUTINE", ARG_COROUTINE,
		    .param = "coroutine" },
		    { "KEY=VALUE", ARG_PAIR, .optional = true, .many = true },
		    { "-- COMMAND", ARG_PROGRAM, .optional = true,
		    .many = true }),
		.options = OPTIONS(OPT("name", 'n', "name"),
		    OPT("timeout", 't', "timeout_us"),
		    OPT("wait", 'w', "wait"), OPT("label", 'l', "label"),
		    { .name = "paused", .letter = 'p', .param = "start",
		    .sets = "\"paused\"",
		    .doc = "Begin when it is told to, by \"resume\"." },
		    OPT("key", 'k', "key")),
		.own = OWN({ "label", LIST, .doc = "NAME=VALUE, to find it "
		    "by; may be repeated." }),
		.example = "create sleep delay=1h30m --name nap",
		.exits = EXITS(OUTCOMES, EXIT_INTERRUPTED),
		.run = verb_create,
	},
	{
		.name = "run",
		.summary = "run a command as a task, and follow it",
		.doc = "The command runs in this directory; its output comes "
		    "out here, byte by byte, as fast as it is read, and its "
		    "exit code is the exit code. Ctrl-C asks the task to "
		    "stop; a second Ctrl-C leaves it to itself and goes.",
		.methods = METHODS("task.create", "task.result", "task.cancel",
		    "sub.close"),
		.args = ARGS({ "COMMAND", ARG_PROGRAM, .many = true }),
		.options = OPTIONS(OPT("name", 'n', "name"),
		    OPT("timeout", 't', "timeout_us"),
		    OPT("cwd", 'C', "cwd"), OPT("env", 'e', "env"),
		    OPT("shell", 's', "shell")),
		.own = OWN({ "cwd", TEXT,
		    .doc = "Run it there, and not here." },
		    { "env", LIST, .doc = "NAME=VALUE, or NAME as it is here; "
		    "may be repeated." },
		    { "shell", FLAG, .doc = "Give the words to /bin/sh." }),
		.example = "run --name build -- make -j2",
		.exits = EXITS(EXIT_TIMEOUT, EXIT_RUN_FAILED,
		    EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, EXIT_SIGNAL),
		.raw = true,
		.streams = true,
		.run = verb_run,
	},
	{
		.name = "list",
		.summary = "list tasks",
		.doc = "All of them, or those whose name matches.",
		.methods = METHODS("task.list"),
		.args = ARGS({ "NAME", ARG_TASK, .optional = true,
		    .param = "name" }),
		.options = OPTIONS(OPT("state", 's', "state"),
		    { .name = "live", .letter = 'l', .param = "state",
		    .sets = "[\"created\",\"ready\","
		    "\"running\",\"waiting\"]",
		    .doc = "Only those not done." },
		    { .name = "done", .letter = 'd', .param = "state",
		    .sets = "[\"done\"]",
		    .doc = "Only those done." },
		    OPT("coroutine", 'c', "coroutine"),
		    OPT("label", 0, "label"),
		    OPT("limit", 0, "most"), OPT("quiet", 'q', "quiet")),
		.own = OWN({ "most", COUNT, .min = 1,
		    .doc = "Only the first so many." },
		    { "quiet", FLAG, .doc = "Only the ids." }),
		.example = "list --state waiting 'crawl-*'",
		.exits = NO_EXITS,
		.run = verb_list,
	},
	{
		.name = "show",
		.summary = "show one task: its state and what it waits for",
		.methods = METHODS("task.get"),
		.args = ARGS({ "TASK", ARG_TASK, .many = true,
		    .param = "task" }),
		.options = NO_OPTIONS,
		.example = "show nap",
		.exits = NO_EXITS,
		.run = verb_show,
	},
	{
		.name = "tree",
		.summary = "show who awaits whom",
		.doc = "Below a task stand those it awaits, or that hold what "
		    "it waits for; a task that is met again below itself "
		    "closes a circle. With --created, those it has made.",
		.methods = METHODS("task.tree", "task.get"),
		.args = ARGS({ "TASK", ARG_TASK, .optional = true,
		    .want = WANT_LIVE }),
		.options = OPTIONS(OPT("created", 'c', "created")),
		.own = OWN({ "created", FLAG,
		    .doc = "Show who made whom." }),
		.example = "tree crawl",
		.exits = NO_EXITS,
		.run = verb_tree,
	},
	{
		.name = "why",
		.summary = "tell why a task does not go on",
		.doc = "What it waits for, what that waits for, and so on to "
		    "what it comes to in the end.",
		.methods = METHODS("task.why"),
		.args = ARGS(ONE_TASK(WANT_ANY)),
		.options = NO_OPTIONS,
		.example = "why report",
		.exits = NO_EXITS,
		.run = verb_why,
	},
	{
		.name = "stack",
		.summary = "show where a task stands in its code",
		.doc = "The whole native stack, the innermost function first; "
		    "with lines of the source where the program has debug "
		    "information, and it is on this machine.",
		.methods = METHODS("task.stack"),
		.args = ARGS(ONE_TASK(WANT_LIVE)),
		.options = NO_OPTIONS,
		.example = "stack nap",
		.exits = NO_EXITS,
		.run = verb_stack,
	},
	{
		.name = "stacks",
		.summary = "show where all tasks stand, equal stacks folded",
		.doc = "The places where most of them stand come first.",
		.methods = METHODS("task.stacks"),
		.args = NO_ARGS,
		.options = OPTIONS(OPT("group", 'g', "group"),
		    OPT("folded", 'f', "folded"), OPT("limit", 0, "limit")),
		.own = OWN({ "group", FLAG,
		    .doc = "Fold equal stacks: it is always done." },
		    { "folded", FLAG,
		    .doc = "A line a stack, for flame graph tools." }),
		.example = "stacks --folded",
		.exits = NO_EXITS,
		.run = verb_stacks,
	},
	{
		.name = "top",
		.summary = "show which tasks keep the loop busy",
		.doc = "Of the last second, as the flight recorder has it: how "
		    "much of the time each task ran, how often, how long it "
		    "was ready before it did, and what it waits for now. "
		    "\"evtask watch top\" shows it again and again.",
		.methods = METHODS("trace.snapshot", "task.list"),
		.args = NO_ARGS,
		.options = OPTIONS(OPT("last", 'l', "last_us"),
		    OPT("limit", 0, "most")),
		.own = OWN({ "last_us", COUNT,
		    .doc = "Of the last so many seconds." },
		    { "most", COUNT, .min = 1, .doc = "So many tasks." }),
		.example = "top --last 5s",
		.exits = NO_EXITS,
		.run = verb_top,
	},
	{
		.name = "trace",
		.summary = "save what tasks did last, for Perfetto",
		.doc = "save writes the flight recorder as a trace that "
		    "ui.perfetto.dev and chrome://tracing open: to a file, or "
		    "without one to the standard output. start begins anew, "
		    "stop ends it.",
		.methods = METHODS("trace.snapshot", "trace.start",
		    "trace.stop", "task.list"),
		.args = ARGS({ "ACTION", ARG_CHOICE,
		    .values = VALUES("save", "start", "stop") },
		    { "FILE", ARG_TEXT, .optional = true }),
		.options = OPTIONS(OPT("last", 'l', "last_us")),
		.own = OWN({ "last_us", COUNT,
		    .doc = "Only the last so many seconds." }),
		.example = "trace save out.json --last 30s",
		.exits = NO_EXITS,
		.run = verb_trace,
	},
	{
		.name = "resources",
		.summary = "list what tasks share, who holds it and who waits",
		.doc = "Locks, queues, events, semaphores, conditions: those a "
		    "task has had to do with.",
		.methods = METHODS("resource.list"),
		.args = ARGS({ "NAME", ARG_TEXT, .optional = true }),
		.options = OPTIONS(OPT("type", 't', "type"),
		    OPT("busy", 'b', "busy")),
		.example = "resources --type queue",
		.exits = NO_EXITS,
		.run = verb_resources,
	},
	{
		.name = "locks",
		.summary = "list locks, who holds them and who waits",
		.methods = METHODS("resource.list"),
		.args = ARGS({ "NAME", ARG_TEXT, .optional = true }),
		.options = OPTIONS(OPT("busy", 'b', "busy")),
		.example = "locks --busy",
		.exits = NO_EXITS,
		.run = verb_locks,
	},
	{
		.name = "deadlocks",
		.summary = "list tasks that wait for each other for ever",
		.methods = METHODS("loop.deadlocks"),
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "deadlocks",
		.exits = NO_EXITS,
		.run = verb_deadlocks,
	},
	{
		.name = "warnings",
		.summary = "list what looks wrong with tasks",
		.doc = "\"evtask help warnings\" explains each. What takes time "
		    "to notice is noticed within a second or two.",
		.methods = METHODS("task.list"),
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "warnings",
		.exits = NO_EXITS,
		.run = verb_warnings,
	},
	{
		.name = "wait",
		.summary = "wait until tasks are done",
		.doc = "Waiting never changes a task; nor does Ctrl-C, which "
		    "ends the wait. Waiting for one task that is a command, "
		    "the exit code is its own, as with run.",
		.methods = METHODS("task.wait"),
		.args = ARGS(MANY_TASKS(WANT_ANY)),
		.options = OPTIONS(OPT("mode", 'm', "mode"),
		    { .name = "any", .letter = 'a', .param = "mode",
		    .sets = "\"any\"",
		    .doc = "Until one is done." },
		    OPT("timeout", 't', "timeout_us")),
		.example = "wait nap 'crawl-*' --any --timeout 30s",
		.exits = EXITS(OUTCOMES, EXIT_TIMEOUT, EXIT_NOT_EXECUTABLE,
		    EXIT_NOT_FOUND, EXIT_SIGNAL, EXIT_INTERRUPTED),
		.run = verb_wait,
	},
	{
		.name = "test",
		.summary = "ask whether tasks are in a state",
		.doc = "Prints nothing: the exit code is the answer, 0 if all "
		    "of them are, 1 if not. Without an option it asks whether "
		    "they are there.",
		.methods = METHODS("task.get"),
		.args = ARGS(MANY_TASKS(WANT_ANY)),
		.options = OPTIONS(OPT("state", 's', "state"),
		    OPT("outcome", 'o', "outcome")),
		.own = OWN({ "state", ONE_OF_LIST("created", "ready",
		    "running", "waiting", "done"),
		    .doc = "In one of these states." },
		    { "outcome", ONE_OF_LIST("returned", "raised",
		    "cancelled"), .doc = "Done, and so." }),
		.example = "test nap --state running,waiting",
		.exits = NO_EXITS,
		.run = verb_test,
	},
	{
		.name = "cancel",
		.summary = "ask tasks to stop",
		.doc = "A request: the task may clean up first, or refuse. "
		    "A glob means those that are not done.",
		.methods = METHODS("task.cancel"),
		.args = ARGS(MANY_TASKS(WANT_LIVE)),
		.options = OPTIONS(OPT("message", 'm', "message"),
		    OPT("wait", 'w', "wait"),
		    OPT("timeout", 't', "timeout_us")),
		.example = "cancel nap -m maintenance",
		.exits = EXITS(EXIT_TIMEOUT, EXIT_INTERRUPTED),
		.run = verb_cancel,
	},
	{
		.name = "result",
		.summary = "print what a task returned",
		.doc = "What it raised goes to the standard error, and the "
		    "exit code tells.",
		.methods = METHODS("task.result"),
		.args = ARGS(ONE_TASK(WANT_ANY)),
		.options = OPTIONS(OPT("wait", 'w', "wait")),
		.example = "result nap --wait",
		.exits = EXITS(OUTCOMES, EXIT_NOT_DONE, EXIT_INTERRUPTED),
		.run = verb_result,
	},
	{
		.name = "exception",
		.summary = "print the error a task ended with",
		.doc = "Nothing is printed for a task that returned.",
		.methods = METHODS("task.exception"),
		.args = ARGS(ONE_TASK(WANT_ANY)),
		.options = OPTIONS(OPT("wait", 'w', "wait")),
		.example = "exception crawl",
		.exits = EXITS(EXIT_NOT_DONE, EXIT_INTERRUPTED),
		.run = verb_exception,
	},
	{
		.name = "logs",
		.summary = "print what a task has written",
		.doc = "Its standard output to the standard output, its "
		    "standard error to the standard error, byte by byte.",
		.methods = METHODS("task.logs", "sub.close"),
		.args = ARGS(ONE_TASK(WANT_ANY)),
		.options = OPTIONS({ .name = "follow", .letter = 'f',
		    .param = "follow", .sets = "true",
		    .doc = "And go on until the task is done." },
		    OPT("stream", 's', "streams"),
		    OPT("timestamps", 't', "timestamps")),
		.own = OWN({ "timestamps", FLAG,
		    .doc = "Begin each line with its time." }),
		.example = "logs -f build",
		.exits = EXITS(EXIT_INTERRUPTED),
		.run = verb_logs,
	},
	{
		.name = "signal",
		.summary = "send a task a signal",
		.methods = METHODS("task.signal"),
		.args = ARGS(ONE_TASK(WANT_LIVE),
		    { "SIGNAL", ARG_CHOICE, .param = "signal" }),
		.options = NO_OPTIONS,
		.example = "signal build USR1",
		.exits = NO_EXITS,
		.run = verb_signal,
	},
	{
		.name = "send",
		.summary = "write to a task's standard input",
		.doc = "The words, with a line end; or a file as it is, - "
		    "being the standard input. Waits while the task does not "
		    "read.",
		.methods = METHODS("task.stdin"),
		.args = ARGS(ONE_TASK(WANT_LIVE),
		    { "TEXT", ARG_TEXT, .optional = true, .many = true }),
		.options = OPTIONS(OPT("eof", 'e', "eof"),
		    OPT("file", 'f', "file"),
		    OPT("no-newline", 'n', "bare")),
		.own = OWN({ "file", TEXT, .doc = "Send what is in it." },
		    { "bare", FLAG, .doc = "Without the line end." }),
		.example = "send cat \"hello there\" --eof",
		.exits = EXITS(EXIT_INTERRUPTED),
		.run = verb_send,
	},
	{
		.name = "rename",
		.summary = "give a task another name",
		.methods = METHODS("task.rename"),
		.args = ARGS(ONE_TASK(WANT_ANY),
		    { "NAME", ARG_TEXT, .param = "name" }),
		.options = NO_OPTIONS,
		.example = "rename 42 siesta",
		.exits = NO_EXITS,
		.run = verb_rename,
	},
	{
		.name = "forget",
		.summary = "keep tasks that are done no longer",
		.doc = "Their results and logs are gone, their names free. A "
		    "glob means those that are done.",
		.methods = METHODS("task.forget"),
		.args = ARGS(MANY_TASKS(WANT_DONE)),
		.options = NO_OPTIONS,
		.example = "forget nap 'crawl-*'",
		.exits = EXITS(EXIT_NOT_DONE),
		.run = verb_forget,
	},
	{
		.name = "coroutines",
		.summary = "list what tasks are made from, or describe one",
		.methods = METHODS("coroutine.list", "coroutine.get"),
		.args = ARGS({ "NAME", ARG_COROUTINE, .optional = true }),
		.options = NO_OPTIONS,
		.example = "coroutines exec",
		.exits = NO_EXITS,
		.run = verb_coroutines,
	},
	{
		.name = "events",
		.summary = "print what happens, as it happens",
		.doc = "To all tasks, or to these. Ends with the server, or "
		    "by Ctrl-C.",
		.methods = METHODS("sub.open", "sub.close"),
		.args = ARGS({ "TASK", ARG_TASK, .optional = true,
		    .many = true, .want = WANT_LIVE, .param = "tasks" }),
		.options = OPTIONS(OPT("type", 't', "types"),
		    OPT("since", 's', "since"), OPT("count", 'c', "count")),
		.own = OWN({ "count", COUNT, .min = 1,
		    .doc = "End after so many." }),
		.example = "events --type task.done",
		.exits = EXITS(EXIT_INTERRUPTED),
		.streams = true,
		.run = verb_events,
	},
	{
		.name = "watch",
		.summary = "run a verb again and again, on one screen",
		.doc = "Until Ctrl-C. Where the output is no terminal, one "
		    "after the other.",
		.methods = NO_METHODS,
		.args = ARGS({ "VERB", ARG_PROGRAM, .many = true }),
		.options = OPTIONS(OPT("interval", 'n', "interval_us"),
		    OPT("count", 'c', "count")),
		.own = OWN({ "interval_us", .type = EVTASK_CTL_INT,
		    .optional = true, .min = 100000, .max = INT64_C(86400000000),
		    .doc = "How long between two; 2s if not given." },
		    { "count", COUNT, .min = 1,
		    .doc = "End after so many." }),
		.example = "watch -n 1 list --live",
		.exits = EXITS(EXIT_INTERRUPTED),
		.streams = true,
		.raw = true,
		.run = verb_watch,
	},
	{
		.name = "stats",
		.summary = "show how the server is doing",
		.methods = METHODS("daemon.stats"),
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "stats",
		.exits = NO_EXITS,
		.run = verb_stats,
	},
	{
		.name = "call",
		.summary = "call a method of the protocol",
		.doc = "Prints the reply's result as JSON, on one line.",
		.methods = NO_METHODS,
		.args = ARGS({ "METHOD", .kind = ARG_METHOD },
		    { "KEY=VALUE", ARG_PAIR, .optional = true,
		    .many = true }),
		.options = NO_OPTIONS,
		.example = "call task.list limit=1 'fields:=[\"name\"]'",
		.exits = EXITS(EXIT_NOT_DONE, EXIT_INTERRUPTED),
		.run = verb_call,
	},
	{
		.name = "discover",
		.summary = "print the protocol as an OpenRPC document",
		.methods = METHODS("rpc.discover"),
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "discover",
		.exits = NO_EXITS,
		.run = verb_discover,
	},
	{
		.name = "ping",
		.summary = "ask the server for a sign of life",
		.methods = METHODS("rpc.ping"),
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "ping",
		.exits = NO_EXITS,
		.run = verb_ping,
	},
	{
		.name = "version",
		.summary = "print the versions of evtask and of the server",
		.methods = METHODS("rpc.hello"),
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "version",
		.exits = NO_EXITS,
		.run = verb_version,
	},
	{
		.name = "shutdown",
		.summary = "end the server",
		.doc = "drain, which is the default: no new tasks, end when "
		    "all are done. cancel: cancel all, end when they are "
		    "done. now: end at once.",
		.methods = METHODS("daemon.shutdown"),
		.args = ARGS({ "MODE", ARG_CHOICE, .optional = true,
		    .param = "mode" }),
		.options = OPTIONS(OPT("timeout", 't', "timeout_us")),
		.example = "shutdown cancel --timeout 10s",
		.exits = NO_EXITS,
		.run = verb_shutdown,
	},
	{
		.name = "help",
		.summary = "explain evtask, or one of its verbs",
		.methods = NO_METHODS,
		.args = ARGS({ "TOPIC", ARG_TOPIC, .optional = true }),
		.options = NO_OPTIONS,
		.example = "help create",
		.exits = NO_EXITS,
		.offline = true,
		.run = verb_help,
	},
	{
		.name = "completion",
		.summary = "print a shell's completion script",
		.doc = "It is installed with evtask; this is for a shell "
		    "that does not look there.",
		.methods = NO_METHODS,
		.args = ARGS({ "SHELL", ARG_CHOICE,
		    .values = VALUES("bash", "zsh", "fish") }),
		.options = NO_OPTIONS,
		.example = "completion bash",
		.exits = NO_EXITS,
		.offline = true,
		.run = verb_completion,
	},
	{
		.name = "complete",
		.summary = "print how a command line may go on",
		.doc = "The words after -- are the line so far, the last one "
		    "being typed; or --line gives it as one text. For "
		    "the shells' completion scripts.",
		.methods = METHODS("task.list", "coroutine.list",
		    "coroutine.get"),
		.args = ARGS({ "-- WORD", ARG_PROGRAM, .optional = true,
		    .many = true }),
		.options = OPTIONS(OPT("line", 'l', "line")),
		.own = OWN({ "line", TEXT, .doc = "The line, up to where it "
		    "is typed." }),
		.example = "complete -- create sl",
		.exits = NO_EXITS,
		.offline = true,
		.raw = true,
		.run = verb_complete,
	},
	{
		.name = "quit",
		.summary = "leave the prompt, as Ctrl-D does",
		.methods = NO_METHODS,
		.args = NO_ARGS,
		.options = NO_OPTIONS,
		.example = "quit",
		.exits = NO_EXITS,
		.offline = true,
		.prompt_only = true,
		.run = verb_quit,
	},
	END
};

static const struct option globals[] = {
	OPT("socket", 'S', "socket"),
	OPT("host", 'H', "host"),
	OPT("stdio", 0, "stdio"),
	OPT("output", 'o', "output"),
	{ .name = "json", .letter = 'j', .param = "output",
	  .sets = "\"jsonl\"", .doc = "Print JSON, one object a line." },
	OPT("columns", 0, "columns"),
	OPT("sort", 0, "sort"),
	{ .name = "no-pager", .param = "no_pager", .sets = "true",
	  .doc = "Print what is longer than the terminal at once." },
	OPT("color", 0, "color"),
	{ .name = "no-color", .param = "color", .sets = "false",
	  .doc = "Without colours." },
	OPT("timeout", 'T', "timeout_us"),
	OPT("file", 'f', "file"),
	OPT("keep-going", 'k', "keep_going"),
	OPT("version", 'V', "version"),
	OPT("help", 'h', "help"),
	END
};

static const struct evtask_ctl_field global_fields[] = {
	{ "socket", TEXT, .doc = "The server's socket; else "
	  "$EVTASK_SOCKET, else $XDG_RUNTIME_DIR/evtask/control.sock." },
	{ "host", TEXT, .doc = "USER@HOST: the server is there, and is "
	  "reached by ssh." },
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

const struct option *
command_globals(void)
{
	return globals;
}

const struct evtask_ctl_field *
command_global_fields(void)
{
	return global_fields;
}

const struct evtask_ctl_method *
command_method(const struct command *command)
{
	return command->methods[0] != NULL ?
	    evtask_ctl_method_find(command->methods[0]) : NULL;
}

const struct evtask_ctl_field *
command_param(const struct command *command, const char *param)
{
	const struct evtask_ctl_method *method = command_method(command);
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
