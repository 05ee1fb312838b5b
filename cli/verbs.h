/*
 * verbs.h - what each verb does: a function per row of the command table.
 *
 * A verb runs as a task. It has said everything, to the person or the script,
 * when it returns: an exit code, or -ECANCELED when it was interrupted.
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

struct cli;
struct invocation;

int verb_call(struct cli *cli, struct invocation *invocation);
int verb_cancel(struct cli *cli, struct invocation *invocation);
int verb_complete(struct cli *cli, struct invocation *invocation);
int verb_completion(struct cli *cli, struct invocation *invocation);
int verb_modules(struct cli *cli, struct invocation *invocation);
int verb_coroutines(struct cli *cli, struct invocation *invocation);
int verb_create(struct cli *cli, struct invocation *invocation);
int verb_deadlocks(struct cli *cli, struct invocation *invocation);
int verb_loop(struct cli *cli, struct invocation *invocation);
int verb_discover(struct cli *cli, struct invocation *invocation);
int verb_events(struct cli *cli, struct invocation *invocation);
int verb_exception(struct cli *cli, struct invocation *invocation);
int verb_forget(struct cli *cli, struct invocation *invocation);
int verb_generated(struct cli *cli, struct invocation *invocation);
int verb_help(struct cli *cli, struct invocation *invocation);
int verb_list(struct cli *cli, struct invocation *invocation);
int verb_locks(struct cli *cli, struct invocation *invocation);
int verb_logs(struct cli *cli, struct invocation *invocation);
int verb_ping(struct cli *cli, struct invocation *invocation);
int verb_quit(struct cli *cli, struct invocation *invocation);
int verb_rename(struct cli *cli, struct invocation *invocation);
int verb_label(struct cli *cli, struct invocation *invocation);
int verb_resources(struct cli *cli, struct invocation *invocation);
int verb_result(struct cli *cli, struct invocation *invocation);
int verb_run(struct cli *cli, struct invocation *invocation);
int verb_send(struct cli *cli, struct invocation *invocation);
int verb_show(struct cli *cli, struct invocation *invocation);
int verb_shutdown(struct cli *cli, struct invocation *invocation);
int verb_signal(struct cli *cli, struct invocation *invocation);
int verb_stack(struct cli *cli, struct invocation *invocation);
int verb_stacks(struct cli *cli, struct invocation *invocation);
int verb_stats(struct cli *cli, struct invocation *invocation);
int verb_test(struct cli *cli, struct invocation *invocation);
int verb_top(struct cli *cli, struct invocation *invocation);
int verb_trace(struct cli *cli, struct invocation *invocation);
int verb_trace_open(struct cli *cli, struct invocation *invocation);
int verb_tree(struct cli *cli, struct invocation *invocation);
int verb_version(struct cli *cli, struct invocation *invocation);
int verb_wait(struct cli *cli, struct invocation *invocation);
int verb_warnings(struct cli *cli, struct invocation *invocation);
int verb_watch(struct cli *cli, struct invocation *invocation);
int verb_why(struct cli *cli, struct invocation *invocation);

#endif
