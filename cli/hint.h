/*
 * hint.h - what a line that is being typed still wants.
 */
#ifndef CLI_HINT_H
#define CLI_HINT_H

struct complete_source;
struct words;

/*
 * The arguments that may follow, as usage shows them: "TASK... [options]",
 * "delay=DURATION [result=ANYTHING]", "DURATION" behind --timeout. To free;
 * NULL: nothing may follow, or it cannot be said, or no memory.
 */
char *hint_text(const struct words *words,
    const struct complete_source *source);

#endif
