/*
 * prompt.h - what the prompt says.
 */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include <stdbool.h>

#define PROMPT_SIZE 256

struct cli;
struct counts;

struct prompt {
	const struct cli *cli;
	const struct counts *counts;
	char shown[PROMPT_SIZE]; /* as it stands on the screen, uncoloured */
};

/* Writes it for readline, which is told what of it takes no room; goes_on: the
 * line before is not complete. */
void prompt_write(struct prompt *prompt, bool goes_on, char text[PROMPT_SIZE]);

#endif
