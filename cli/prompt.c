/*
 * prompt.c - what the prompt says: whether there is a server, and how many
 * tasks run there, wait, and have failed. Numbers that are none are not said.
 */
#include "prompt.h"

#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "counts.h"
#include "remote.h"

/* One number of the prompt: " 3w", in its colour; readline is told what takes
 * no room. */
static void
put_count(const struct prompt *prompt, FILE *out, int64_t n, char letter,
    enum paint paint)
{
	if (n <= 0)
		return;
	fprintf(out, prompt->cli->out.color ? " \001%s\002%lld%c\001%s\002" :
	    " %s%lld%c%s", out_paint(&prompt->cli->out, paint), (long long)n,
	    letter, out_plain(&prompt->cli->out));
}

static void
put_name(const struct prompt *prompt, FILE *out)
{
	bool alive = remote_alive(prompt->cli->remote);
	const char *name = alive ? "evtask" : "no server";

	if (prompt->cli->out.color)
		fprintf(out, "\001\033[1;%dm\002%s\001\033[0m\002",
		    alive ? 32 : 33, name);
	else
		fputs(name, out);
	if (!alive)
		return;
	put_count(prompt, out, prompt->counts->running, 'r', PAINT_GREEN);
	put_count(prompt, out, prompt->counts->waiting, 'w', PAINT_BLUE);
	put_count(prompt, out, prompt->counts->failed, 'f', PAINT_RED);
}

/* Takes out what takes no room. */
static void
measure_prompt(struct prompt *prompt, const char *text)
{
	char *to = prompt->shown;

	for (; *text != '\0'; text++)
		if (*text == '\001')
			text += strcspn(text, "\002");
		else
			*to++ = *text;
	*to = '\0';
}

void
prompt_write(struct prompt *prompt, bool goes_on, char text[PROMPT_SIZE])
{
	FILE *out = fmemopen(text, PROMPT_SIZE, "w");

	*text = '\0';
	if (out == NULL)
		return;
	if (goes_on)
		fputs("...", out);
	else
		put_name(prompt, out);
	fputs(goes_on ? " " : "> ", out);
	fclose(out);
	measure_prompt(prompt, text);
}
