/*
 * help.h - what evtask says about itself.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

struct command;
struct out;

/* A page that is not about a verb. */
struct help_page {
	const char *name; /* NULL ends the list */
	const char *summary;
	void (*print)(struct out *out);
};

const struct help_page *help_pages(void);

void help_overview(struct out *out);
void help_command(struct out *out, const struct command *command);

#endif
