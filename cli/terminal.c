/*
 * terminal.c - the prompt's terminal: its modes, and whose they are.
 *
 *	original --take--> between <--line edited--> readline's
 *	    ^                 |
 *	    +----give back----+
 *
 * Between two lines, while a verb runs, the terminal does not go back to the
 * modes it was found in. There the kernel edits lines of its own: it would echo
 * what is typed for the next line, show it twice, and eat keys that mean more
 * to readline than to it; a Ctrl-D would be gone. So keys are kept, unseen and
 * unread, but for those that are signals, and readline finds them all when the
 * next line begins.
 */
#include "terminal.h"

#include <stdio.h>
#include <unistd.h>
#include <readline/readline.h>

void
terminal_take(struct terminal *terminal)
{
	struct termios between;

	terminal->lent = false;
	if (!terminal->ours) {
		if (tcgetattr(STDIN_FILENO, &terminal->original) < 0)
			return;
		terminal->ours = true;
	}
	between = terminal->original;
	between.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	between.c_iflag &= ~(tcflag_t)(ICRNL | INLCR);
	between.c_cc[VMIN] = 1;
	between.c_cc[VTIME] = 0;
	between.c_cc[VLNEXT] = _POSIX_VDISABLE; /* Ctrl-V is a key, too */
	tcsetattr(STDIN_FILENO, TCSADRAIN, &between);
}

void
terminal_give_back(struct terminal *terminal)
{
	if (terminal->ours)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->original);
	terminal->ours = false;
}

void
terminal_lend(struct terminal *terminal)
{
	terminal_give_back(terminal);
	terminal->lent = true;
}

/* Readline takes a terminal without echo for one that hides a password. */
static void
prepare(int meta)
{
	rl_prep_terminal(meta);
	rl_tty_set_echoing(1);
}

void
terminal_set_up_readline(void)
{
	rl_prep_term_function = prepare;
}
