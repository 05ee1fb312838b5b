/*
 * dispatch.h - from a line to its answer.
 */
#ifndef CONSOLE_DISPATCH_H
#define CONSOLE_DISPATCH_H

#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <stdbool.h>
#include <stddef.h>

struct evtask_console;
struct json_object;
struct session;

/* A request, as its handler sees it: checked in every member, with defaults
 * filled in. Everything is borrowed, but what the handler puts here. */
struct call {
	struct evtask_console *console;
	struct session *session;
	const struct evtask_ctl_method *method;
	struct json_object *id;     /* NULL: a notification */
	int64_t started_us;         /* on clock_us() */
	struct json_object *params;
	struct json_object *error;  /* the answer, instead of a result */
	bool deferred;              /* a struct request answers later */
};

/*
 * Serves a method. Returns the result; or NULL, having set call->error or
 * call->deferred, or because there is no memory. What can be refused is
 * refused before anything has changed.
 */
typedef struct json_object *(*handler_fn)(struct call *call);

/* The handler of a method; NULL: it is not served, which a test denies. It is
 * looked for by name: those of a console are in its table. */
handler_fn dispatch_handler(const char *method);

/* Finds all handlers. 0 or -ENOMEM. */
int dispatch_init(struct evtask_console *console);

/* Answers what evtask_ctl_frame_next() has found: r and a line. */
void dispatch(struct session *session, int r, const char *line, size_t size);

/*
 * Sends the answer: result or error, both taken; both NULL: InternalError.
 * A result that does not fit becomes an error.
 */
void dispatch_answer(struct session *session,
    const struct evtask_ctl_method *method, struct json_object *id,
    struct json_object *result, struct json_object *error);

/*
 * Refuses: sets call->error to an error of that name (members taken, NULL: no
 * memory) and returns NULL, for `return call_refuse(call, ...)`.
 */
struct json_object *call_refuse(struct call *call, const char *name,
    struct json_object *members);
/* With one number as the members. */
struct json_object *call_refuse_int(struct call *call, const char *name,
    const char *key, int64_t n);
/* A cursor that no page has given. */
struct json_object *call_refuse_cursor(struct call *call, const char *got);

/* Finds a hint among names for a refusal: puts did_you_mean, if any is near. */
void put_nearest(struct json_object **members,
    const struct evtask_ctl_nearest *nearest);

/* The handlers, by the file they are in. */
struct json_object *serve_rpc_hello(struct call *call);
struct json_object *serve_rpc_ping(struct call *call);
struct json_object *serve_rpc_cancel(struct call *call);
struct json_object *serve_rpc_discover(struct call *call);
struct json_object *serve_rpc_check(struct call *call);
struct json_object *serve_rpc_clients(struct call *call);
struct json_object *serve_coroutine_list(struct call *call);
struct json_object *serve_coroutine_get(struct call *call);
struct json_object *serve_module_list(struct call *call);
struct json_object *serve_module_load(struct call *call);
struct json_object *serve_module_unload(struct call *call);
struct json_object *serve_module_reload(struct call *call);
struct json_object *serve_task_create(struct call *call);
struct json_object *serve_task_list(struct call *call);
struct json_object *serve_task_get(struct call *call);
struct json_object *serve_task_wait(struct call *call);
struct json_object *serve_task_result(struct call *call);
struct json_object *serve_task_exception(struct call *call);
struct json_object *serve_task_cancel(struct call *call);
struct json_object *serve_task_uncancel(struct call *call);
struct json_object *serve_task_resume(struct call *call);
struct json_object *serve_task_label(struct call *call);
struct json_object *serve_task_logs(struct call *call);
struct json_object *serve_task_signal(struct call *call);
struct json_object *serve_task_stdin(struct call *call);
struct json_object *serve_task_rename(struct call *call);
struct json_object *serve_task_forget(struct call *call);
struct json_object *serve_task_why(struct call *call);
struct json_object *serve_task_tree(struct call *call);
struct json_object *serve_task_stack(struct call *call);
struct json_object *serve_task_stacks(struct call *call);
struct json_object *serve_trace_snapshot(struct call *call);
struct json_object *serve_trace_start(struct call *call);
struct json_object *serve_trace_stop(struct call *call);
struct json_object *serve_resource_list(struct call *call);
struct json_object *serve_loop_deadlocks(struct call *call);
struct json_object *serve_loop_status(struct call *call);
struct json_object *serve_loop_stack(struct call *call);
struct json_object *serve_loop_stats(struct call *call);
struct json_object *serve_loop_stalls(struct call *call);
struct json_object *serve_sub_open(struct call *call);
struct json_object *serve_sub_close(struct call *call);
struct json_object *serve_sub_list(struct call *call);
struct json_object *serve_metrics_get(struct call *call);
struct json_object *serve_daemon_stats(struct call *call);
struct json_object *serve_daemon_reload(struct call *call);
struct json_object *serve_daemon_log_level(struct call *call);
struct json_object *serve_daemon_shutdown(struct call *call);

#endif
