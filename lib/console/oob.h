/* oob.h - the out-of-band socket: who answers while the loop is blocked. */
#ifndef CONSOLE_OOB_H
#define CONSOLE_OOB_H

struct evtask_console;

/* Opens it beside the console's socket, when there is one and a watchdog. What
 * cannot be had is left out: 0, or -ENOMEM. */
int oob_init(struct evtask_console *console);
/* Before the watchdog is stopped. */
void oob_release(struct evtask_console *console);

/* "": there is none. */
const char *oob_path(const struct evtask_console *console);

#endif
