/*
 * error.c - the errors of the protocol, a row each, and the making of one.
 *
 * Programs match data.name and read the typed members of data; people read
 * message and hint. The words are made from the members: {member} in a row
 * stands for that member of data, so that the two cannot disagree. A row's
 * placeholders are also the list of the members that its maker should give.
 */
#include <evtask/ctl_message.h>
#include <json-c/json.h>
#include <string.h>
#include <evtask/ctl_value.h>
#include "message.h"
#include "rows.h"
#include "text.h"

#define GENERAL .general = true

static const struct evtask_ctl_error errors[] = {
	{ "ParseError", -32700, GENERAL,
	  .message = "not JSON: expected {expected} at byte {offset}, got "
	  "{got}",
	  .hint = "send one JSON object per line, like {\"jsonrpc\":\"2.0\","
	  "\"id\":1,\"method\":\"rpc.ping\"}" },
	{ "InvalidRequest", -32600, GENERAL,
	  .message = "not a request: {path} must be {expected}, not {got}",
	  .hint = "send one JSON object per line, like {\"jsonrpc\":\"2.0\","
	  "\"id\":1,\"method\":\"rpc.ping\"}" },
	{ "DuplicateId", -32600, GENERAL,
	  .message = "request {id} is not answered yet",
	  .hint = "give each request of a connection an id of its own" },
	{ "IdRequired", -32600, GENERAL,
	  .message = "{method} needs an id: without one it goes unanswered",
	  .hint = "add \"id\":1" },
	{ "BatchUnsupported", -32600, GENERAL,
	  .message = "batches are not supported",
	  .hint = "send the requests one per line, without waiting for the "
	  "answers: the ids tell them apart" },
	{ "MethodNotFound", -32601, GENERAL,
	  .message = "there is no method {method}",
	  .hint = "rpc.discover lists the methods" },
	{ "InvalidParams", -32602, GENERAL,
	  .message = "{path} must be {expected}, not {got}",
	  .hint = "rpc.discover describes the parameters of {method}" },
	{ "InternalError", -32603, GENERAL,
	  .message = "something is wrong in the server",
	  .hint = "look for {ref} in the server's log" },
	{ "RequestCancelled", -32800, GENERAL,
	  .message = "the request was ended by rpc.cancel",
	  .hint = "its tasks go on; see task.cancel to stop them" },
	{ "PermissionDenied", -32004, GENERAL,
	  .message = "{method} is for the role {needs}, and you are {role}",
	  .hint = "run as the server's user, or join its group" },
	{ "FrameTooLarge", -32005, GENERAL,
	  .message = "the line is over {limit_bytes} bytes",
	  .hint = "send less at once; the line was passed over" },
	{ "LimitExceeded", -32005, GENERAL,
	  .message = "no more than {limit} {what}",
	  .hint = "end some of them first" },
	{ "Busy", -32006, GENERAL,
	  .message = "{limit} requests of this connection are unanswered",
	  .hint = "wait for some of them, or end them with rpc.cancel" },
	{ "ShuttingDown", -32007, GENERAL,
	  .message = "the server is going to end and takes no new tasks",
	  .hint = "try again when it is back" },
	{ "NotOutOfBand", -32009, .message = "{method} is not answered here",
	  .hint = "this socket answers while the loop is blocked, and only "
	  "loop.status, loop.stack and trace.snapshot; ask the control "
	  "socket" },
	{ "ConnectionLost", -32010, .message = "the connection is lost: {why}",
	  .hint = "connect again" },

	{ "TaskNotFound", 1001, .message = "there is no task {task}",
	  .hint = "\"evtask list\" shows the tasks" },
	{ "TaskNotDone", 1002, .message = "task {task} is not done yet",
	  .hint = "wait for it with \"evtask wait {task}\"" },
	{ "TaskAlreadyDone", 1003, .message = "task {task} is done already",
	  .hint = "see how it ended with \"evtask result {task}\"" },
	{ "NameInUse", 1004, .message = "the name {wanted} is taken by task "
	  "{id}", .hint = "choose another, or \"evtask forget {id}\" when it "
	  "is done" },
	{ "AmbiguousTask", 1005, .message = "{task} may be more than one task",
	  .hint = "say the id" },
	{ "TaskForgotten", 1006, .message = "task {task} was done and is no "
	  "longer kept", .hint = "wait for a task, or fetch its result, "
	  "sooner" },
	{ "NoStdin", 1007, .message = "task {task} reads no standard input",
	  .hint = "\"evtask coroutines\" shows which ones do" },
	{ "StdinClosed", 1007, .message = "the standard input of task {task} "
	  "is closed", .hint = "nothing can be sent to it any more" },
	{ "StdinFull", 1007, .message = "task {task} has not read what was "
	  "sent before", .hint = "send again when it has; {free_bytes} bytes "
	  "fit now" },
	{ "SignalUnsupported", 1008, .message = "task {task} takes no "
	  "signals", .hint = "stop it with \"evtask cancel {task}\"" },
	{ "KeyReused", 1010, .message = "the key {key} was used for task {id}, "
	  "a {coroutine} called {task}, with other {differs}",
	  .hint = "choose another key, or ask for the same again" },
	{ "ResultTooLarge", 1009, .message = "the result of task {task} does "
	  "not fit in an answer", .hint = "let it write to a file" },

	{ "CoroutineNotFound", 1101, .message = "there is no coroutine "
	  "{coroutine}", .hint = "\"evtask coroutines\" shows them" },
	{ "ArgsInvalid", 1102, .message = "{path} must be {expected}, not "
	  "{got}", .hint = "\"evtask coroutines NAME\" describes the "
	  "arguments" },

	{ "ModuleNotFound", 1201, .message = "{why}",
	  .hint = "\"evtask modules\" lists the modules there are" },
	{ "ModuleInvalid", 1202, .message = "{why}",
	  .hint = "nothing has changed; mend it, and load it again" },
	{ "ModuleInUse", 1203, .message = "{why}",
	  .hint = "\"evtask list\" shows its tasks, by coroutine" },

	{ "TraceNotActive", 1401, .message = "nothing is recorded",
	  .hint = "trace.start starts the flight recorder" },
	{ "StackUnavailable", 1501, .message = "task {task} has no stack",
	  .hint = "a task has one from its first run to its end" },
	{ "SubscriptionNotFound", 1301, .message = "there is no subscription "
	  "{sub} on this connection", .hint = "sub.open opens one" },
	END
};

const struct evtask_ctl_error *
evtask_ctl_errors(void)
{
	return errors;
}

const struct evtask_ctl_error *
evtask_ctl_error_find(const char *name)
{
	const struct evtask_ctl_error *e;

	for (e = errors; e->name != NULL; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

/* Writes the member of data that "{name}" (of that size) stands for. */
static void
write_member(struct text *out, struct json_object *data, const char *name,
    size_t size)
{
	char key[EVTASK_CTL_NAME_MAX];
	struct json_object *value;

	if (size >= sizeof(key)) {
		text_add(out, "?", 1);
		return;
	}
	memcpy(key, name, size);
	key[size] = '\0';
	value = evtask_ctl_get(data, key);
	if (value == NULL)
		text_add(out, "?", 1);
	else if (json_object_is_type(value, json_type_string))
		text_add(out, json_object_get_string(value),
		    (size_t)json_object_get_string_len(value));
	else
		text_value(out, value);
}

/* A placeholder is {letters_and_underscores}; any other brace is itself. */
static size_t
placeholder_size(const char *at)
{
	size_t n;

	if (at[0] != '{')
		return 0;
	n = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
	return n > 0 && at[n + 1] == '}' ? n : 0;
}

/* Puts a row's words into object, unless members has its own of that key. */
static void
put_words(struct json_object **object, const char *key, const char *words,
    struct json_object *data)
{
	struct text out = {0};
	size_t name, size;

	for (; *words != '\0'; words += size) {
		name = placeholder_size(words);
		if (name > 0) {
			size = name + 2;
			write_member(&out, data, words + 1, name);
		} else { /* up to what may be one */
			size = 1 + strcspn(words + 1, "{");
			text_add(&out, words, size);
		}
	}
	evtask_ctl_put(object, key, text_take_string(&out));
}

/*
 * An error is {code, message, data: {name, hint, members...}}. The members may
 * bring their own message (which moves out of data) and hint.
 */
struct json_object *
evtask_ctl_error_new(const char *name, struct json_object *members)
{
	const struct evtask_ctl_error *row = evtask_ctl_error_find(name);
	struct json_object *error, *own;

	if (row == NULL)
		row = evtask_ctl_error_find("InternalError");
	if (members == NULL)
		members = json_object_new_object();
	evtask_ctl_put_text(&members, "name", row->name);
	if (evtask_ctl_get(members, "did_you_mean") != NULL)
		put_words(&members, "hint", "did you mean {did_you_mean}?",
		    members);
	else if (evtask_ctl_get(members, "hint") == NULL)
		put_words(&members, "hint", row->hint, members);

	error = json_object_new_object();
	evtask_ctl_put_int(&error, "code", row->code);
	own = evtask_ctl_get(members, "message");
	if (own != NULL) {
		evtask_ctl_put(&error, "message", json_object_get(own));
		json_object_object_del(members, "message");
	} else {
		put_words(&error, "message", row->message, members);
	}
	evtask_ctl_put(&error, "data", members);
	return error;
}

struct json_object *
error_of(const char *name, struct json_object *members)
{
	return members != NULL ? evtask_ctl_error_new(name, members) : NULL;
}
