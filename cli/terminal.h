/*
 * terminal.h - the prompt's terminal: its modes, and whose they are.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

/* All zero: not ours. */
struct terminal {
	bool ours;               /* its modes are the prompt's */
	bool lent;               /* though another program has it for now */
	struct termios original; /* as they were, while it is */
};

/* Makes the terminal ours: from now on keys are kept until a line is edited,
 * unseen. Again is fine, and so is a terminal that will not have it. */
void terminal_take(struct terminal *terminal);

/* Gives it back, as it was: at the end, and before a stop. */
void terminal_give_back(struct terminal *terminal);

/* The same for a program that is to talk to the person, until it is taken. */
void terminal_lend(struct terminal *terminal);

/* Tells readline how to use a terminal that is ours. Before its first line. */
void terminal_set_up_readline(void);

#endif
