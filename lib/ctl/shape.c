/*
 * shape.c - the objects that have a name.
 *
 * What more than one method answers, or what holds itself, is a shape and
 * stands here once; rpc.discover gives each as a component. A member that the
 * `fields` of a request can leave out is optional.
 */
#include "rows.h"

const struct evtask_ctl_shape shapes[] = {
	[SHAPE_API] = { "Api", "The protocol's level.", FIELDS(
		{ "level", INT(1, 1000000),
		  .doc = "Grows by addition only." },
		{ "compatible", INT(1, 1000000),
		  .doc = "The oldest level still served." },
	) },
	[SHAPE_CANCEL] = { "Cancel", "That a task was asked to stop.", FIELDS(
		{ "requested", COUNT,
		  .doc = "Requests not taken back." },
		{ "by", NULLABLE SHAPE(CREATOR),
		  .doc = "Who asked first." },
		{ "site", NULLABLE SHAPE(SITE),
		  .doc = "Where it was asked, when in this program." },
		{ "message", NULLABLE PROSE,
		  .doc = "The words that went with it." },
		{ "first_us", COUNT,
		  .doc = "When it was asked first." },
	) },
	[SHAPE_CANCELLED] = { "Cancelled", "What task.cancel did.", FIELDS(
		{ "id", COUNT, .doc = "The task." },
		{ "requested", BOOL,
		  .doc = "False when the task was done already." },
		{ "count", COUNT,
		  .doc = "Requests not taken back, this one among them." },
		{ "state", ONE_OF(STATES), .doc = "Its state now." },
	) },
	[SHAPE_COROUTINE] = { "Coroutine", "What tasks are made from.", FIELDS(
		{ "name", NAME, .doc = "What task.create calls it." },
		{ "summary", OPTIONAL PROSE, .doc = "What it does." },
		{ "args", OPTIONAL OBJECT,
		  .doc = "JSON Schema of its arguments." },
		{ "result", OPTIONAL OBJECT,
		  .doc = "JSON Schema of its result." },
		{ "example", OPTIONAL NULLABLE OBJECT,
		  .doc = "Arguments it accepts." },
		{ "takes_stdin", OPTIONAL BOOL,
		  .doc = "Whether task.stdin serves its tasks." },
		{ "takes_signals", OPTIONAL BOOL,
		  .doc = "Whether task.signal serves its tasks." },
		{ "live", OPTIONAL COUNT, .doc = "Its tasks not done." },
	) },
	[SHAPE_COUNTERS] = { "Counters", "What a task has done so far.", FIELDS(
		{ "resumes", COUNT, .doc = "Times it was switched to." },
		{ "awaits", COUNT, .doc = "Times it awaited." },
	) },
	[SHAPE_CREATOR] = { "Creator", "Who did something.", FIELDS(
		{ "type", ONE_OF("client", "task", "timeout", "group", "loop"),
		  .doc = "What kind of party: loop is the program itself." },
		{ "uid", OPTIONAL NULLABLE COUNT, .doc = "A client's user." },
		{ "pid", OPTIONAL NULLABLE COUNT,
		  .doc = "A client's process." },
		{ "request", OPTIONAL NULLABLE ID,
		  .doc = "The client's request." },
		{ "task", OPTIONAL NULLABLE COUNT,
		  .doc = "The task, or whose timeout or group it was." },
	) },
	[SHAPE_ERROR] = { "Error", "What a task failed with.", FIELDS(
		{ "type", NAME, .doc = "The name of its kind." },
		{ "code", INT(-EVTASK_CTL_INT_MAX, EVTASK_CTL_INT_MAX),
		  .doc = "A negative errno." },
		{ "message", PROSE, .doc = "For people." },
		{ "site", OPTIONAL NULLABLE SHAPE(SITE),
		  .doc = "Where it was raised." },
		{ "cause", OPTIONAL NULLABLE SHAPE(ERROR),
		  .doc = "What it came from." },
	) },
	[SHAPE_LIMITS] = { "Limits", "What the server takes.", FIELDS(
		{ "frame_bytes", COUNT, .doc = "A line." },
		{ "depth", COUNT, .doc = "Nesting of a message." },
		{ "deferred", COUNT,
		  .doc = "Unanswered requests of a connection." },
		{ "subscriptions", COUNT,
		  .doc = "Open subscriptions of a connection." },
	) },
	[SHAPE_LOG_LINE] = { "LogLine", "A line a task has written.", FIELDS(
		{ "stream", ONE_OF("stdout", "stderr"), .doc = "Where to." },
		{ "ts_us", COUNT, .doc = "When." },
		{ "text", PROSE,
		  .doc = "Without its end; U+FFFD for bytes not UTF-8." },
		{ "data_base64", OPTIONAL BASE64(1 << 20),
		  .doc = "The exact bytes, where text is not." },
		{ "partial", OPTIONAL BOOL,
		  .doc = "True: no newline followed, the stream's next line "
		  "continues it. A prompt, the end, or a part of 64 KiB." },
	) },
	[SHAPE_RESOURCE] = { "Resource", "What a task can wait on.", FIELDS(
		{ "type", NAME, .doc = "lock, queue, task, fd ..." },
		{ "name", NULLABLE PROSE, .doc = "Its name, if it has one." },
	) },
	[SHAPE_SITE] = { "Site", "A place in the source.", FIELDS(
		{ "func", PROSE, .doc = "The function." },
		{ "file", PROSE, .doc = "The file." },
		{ "line", COUNT, .doc = "The line." },
	) },
	[SHAPE_STACK] = { "Stack", "A task's stack, in bytes.", FIELDS(
		{ "size", COUNT, .doc = "Address space." },
		{ "used", NULLABLE COUNT, .doc = "In use now." },
		{ "peak", NULLABLE COUNT, .doc = "The most ever in use." },
	) },
	[SHAPE_TASK] = { "Task", "A task. Times are microseconds since 1970.",
	    FIELDS(
		{ "id", COUNT, .doc = "Unique for the server's life." },
		{ "name", OPTIONAL NAME, .doc = "Unique among the kept." },
		{ "coroutine", OPTIONAL NULLABLE PROSE,
		  .doc = "What it was made from." },
		{ "parent", OPTIONAL NULLABLE COUNT,
		  .doc = "The task that made it." },
		{ "state", OPTIONAL ONE_OF(STATES), .doc = "Where it is." },
		{ "outcome", OPTIONAL NULLABLE ONE_OF(OUTCOMES),
		  .doc = "How it ended; null until it is done." },
		{ "wait", OPTIONAL NULLABLE SHAPE(WAIT),
		  .doc = "What it waits for." },
		{ "created_us", OPTIONAL COUNT, .doc = "When it was made." },
		{ "started_us", OPTIONAL NULLABLE COUNT,
		  .doc = "When it first ran." },
		{ "done_us", OPTIONAL NULLABLE COUNT,
		  .doc = "When it ended." },
		{ "created_by", OPTIONAL NULLABLE SHAPE(CREATOR),
		  .doc = "Who made it." },
		{ "created_at", OPTIONAL NULLABLE SHAPE(SITE),
		  .doc = "Where it was made." },
		{ "cancel", OPTIONAL NULLABLE SHAPE(CANCEL),
		  .doc = "That it was asked to stop." },
		{ "counters", OPTIONAL SHAPE(COUNTERS),
		  .doc = "What it has done so far." },
		{ "stack", OPTIONAL NULLABLE SHAPE(STACK),
		  .doc = "Its stack; null before it ran and after." },
		{ "ending", OPTIONAL NAME,
		  .doc = "How it returned, in short, if its coroutine says: "
		  "exit 3." },
	) },
	[SHAPE_TASK_COUNTS] = { "TaskCounts", "How many tasks there are.",
	    FIELDS(
		{ "total", COUNT, .doc = "Kept, done or not." },
		{ "live", COUNT, .doc = "Not done." },
		{ "done", COUNT, .doc = "Done, and not forgotten." },
		{ "created", COUNT, .doc = "Ever made." },
	) },
	[SHAPE_TASK_NAME] = { "TaskName", "Which task.", FIELDS(
		{ "id", COUNT, .doc = "Its id." },
		{ "name", PROSE, .doc = "Its name." },
	) },
	[SHAPE_TASK_STATE] = { "TaskState", "A task, in short.", FIELDS(
		{ "id", COUNT, .doc = "Its id." },
		{ "name", NAME, .doc = "Its name." },
		{ "state", ONE_OF(STATES), .doc = "Where it is." },
		{ "outcome", NULLABLE ONE_OF(OUTCOMES),
		  .doc = "How it ended; null until it is done." },
	) },
	[SHAPE_WAIT] = { "Wait", "What a task waits for.", FIELDS(
		{ "op", NAME, .doc = "The operation: lock.acquire ..." },
		{ "on", NULLABLE SHAPE(RESOURCE), .doc = "The resource." },
		{ "owner", NULLABLE SHAPE(TASK_NAME),
		  .doc = "The task that holds it." },
		{ "site", NULLABLE SHAPE(SITE), .doc = "Where it waits." },
		{ "since_us", COUNT, .doc = "Since when." },
		{ "until_us", NULLABLE COUNT,
		  .doc = "When it gives up by itself." },
	) },
	END
};

const struct evtask_ctl_shape *
evtask_ctl_shapes(void)
{
	return shapes;
}
