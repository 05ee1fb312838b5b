/* settle.h - what has happened is told, in the next turn. */
#ifndef CONSOLE_SETTLE_H
#define CONSOLE_SETTLE_H

struct evtask_console;

int settle_init(struct evtask_console *console);
void settle_release(struct evtask_console *console);

/* Asks for it; cheap, needs no memory, callable from anywhere. */
void settle_soon(struct evtask_console *console);

#endif
