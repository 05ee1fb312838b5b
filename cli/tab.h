/*
 * tab.h - completion at the prompt: what Tab finds, and how it is shown.
 */
#ifndef CLI_TAB_H
#define CLI_TAB_H

#include "complete.h"

struct out;
struct picture;

struct tab {
	struct out *out;
	struct picture *picture;
	struct candidates candidates; /* the ones Tab showed last */
};

/* Tells readline. There is one at a time, as there is one readline. */
void tab_set_up(struct tab *tab);
void tab_release(struct tab *tab);

#endif
