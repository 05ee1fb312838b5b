/* observe.h - what the loop tells the console about its tasks. */
#ifndef CONSOLE_OBSERVE_H
#define CONSOLE_OBSERVE_H

struct evtask_console;

/* Takes up the tasks there are, and is told of those to come. 0, -ENOMEM,
 * or -ENOSYS as below. */
int observe_start(struct evtask_console *console);
void observe_stop(struct evtask_console *console);

/* What is observed depends on who listens: look again. 0;
 * -ENOSYS: this libevtask tells nobody. */
int observe_update(struct evtask_console *console);

#endif
