/*
 * ghost.h - a hint behind the line that is being edited, in grey.
 */
#ifndef CLI_GHOST_H
#define CLI_GHOST_H

#include <stdbool.h>

struct out;
struct picture;

struct ghost {
	struct out *out;
	struct picture *picture;
	bool editing;        /* set by the prompt: readline has the screen */
	const char *prompt;  /* what stands before the line, as printed */
	bool shown;
};

/* Writes it, if there is one and room for it. Readline has drawn the line. */
void ghost_show(struct ghost *ghost);

/* Wipes it: before a key is read, and before the screen changes hands. */
void ghost_hide(struct ghost *ghost);

#endif
