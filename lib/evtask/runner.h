/*
 * runner.h - several main coroutines on one loop: asyncio.Runner.
 *
 *	struct evtask_runner_options options = { .sigint = true };
 *	struct evtask_runner *runner;
 *
 *	r = evtask_runner_new(&options, &runner);
 *	if (r < 0)
 *		return r;
 *	r = evtask_runner_run(runner, connect, &server, NULL, NULL);
 *	if (r == 0)
 *		r = evtask_runner_run(runner, serve, &server, NULL, NULL);
 *	evtask_runner_free(runner);
 *
 * The coroutines run one after the other, in one context: what the first sets,
 * the next one sees. Tasks they leave behind go on in the next run, and are
 * cancelled when the runner is closed.
 */
#ifndef EVTASK_RUNNER_H
#define EVTASK_RUNNER_H

#include <evtask/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_runner;

struct evtask_runner_options {
	struct evtask_loop_options loop;
	bool sigint;			/* Ctrl-C interrupts what runs */
};

/* Makes a runner and its loop; options may be NULL. Outside a loop that runs.
 * Returns 0, -EINVAL or -ENOMEM. The caller frees it. */
EVTASK_API EVTASK_CHECKED int
evtask_runner_new(const struct evtask_runner_options *options,
    struct evtask_runner **ret_runner);

/* Its loop, borrowed; NULL when it is closed. */
EVTASK_API struct evtask_loop *
evtask_runner_get_loop(const struct evtask_runner *runner);

/*
 * Runs fn(arg) in a task of the loop until it is done. options may be NULL; a
 * context in it takes the place of the runner's. Returns what fn returned, as
 * evtask_run() does, and into ret_value and ret_error (may be NULL) what it
 * came to, which the caller owns; -EINVAL when the runner is closed; -EBUSY
 * when a loop is already running in this thread; -EINTR when it was stopped.
 *
 * With sigint, SIGINT is handled during the run. The first one cancels the
 * task: if it ends so, and nobody else asked for that, the answer is -EINTR,
 * an error of type "KeyboardInterrupt"; if it returns, it returns. The second
 * one, or one when the task is done, ends the run at once with -EINTR; the
 * task is then a leftover like others. A loop that is blocked by a step does
 * not notice, as it notices nothing.
 */
EVTASK_API int
evtask_runner_run_at(struct evtask_runner *runner, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask_value *ret_value,
    struct evtask_error **ret_error, const struct evtask_site *site);
#define evtask_runner_run(...) evtask_runner_run_at(__VA_ARGS__, EVTASK_SITE)

/* Cancels the tasks that are left, oldest first, waits for them, and frees the
 * loop. Again: no effect. Returns 0, or -EBUSY while it runs. */
EVTASK_API int evtask_runner_close(struct evtask_runner *runner);

/* Closes it and frees it; not while it runs. NULL is accepted. */
EVTASK_API void evtask_runner_free(struct evtask_runner *runner);

#ifdef __cplusplus
}
#endif
#endif
