/* frames.h - the frames of stacks, with the names of their functions. */
#ifndef CONSOLE_FRAMES_H
#define CONSOLE_FRAMES_H

struct evtask_console;
struct evtask_symbols;
struct json_object;

/* The symbols of this process; borrowed; NULL without memory. */
struct evtask_symbols *console_symbols(struct evtask_console *console);

/* Frame, of each; the caller's. */
struct json_object *render_frames(struct evtask_symbols *symbols,
    void *const *frames, int n);

#endif
