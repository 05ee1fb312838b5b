/*
 * target.h - a process, or the core of one, whose memory is read.
 */
#ifndef OUTSIDE_TARGET_H
#define OUTSIDE_TARGET_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct target;

/* Files of programs are read, so none of this is for the loop, nor for a task.
 * 0, or a negative errno and *ret_why, a sentence to free. */
int target_open_pid(pid_t pid, struct target **ret_target, char **ret_why);
int target_open_core(const char *path, struct target **ret_target,
    char **ret_why);
/* NULL is fine. */
void target_close(struct target *target);

/*
 * False: that memory is not there. Of a process, which may run meanwhile, what
 * was read once stays as it was then, until target_read_anew().
 */
bool target_read(struct target *target, uint64_t at, void *to, size_t size);

void target_read_anew(struct target *target);

/* All of these will be read, about `size` bytes of each, until they have
 * passed; 0 is none of them. */
void target_pass(struct target *target);
void target_expect(struct target *target, const uint64_t *addresses, size_t n,
    size_t size);

/* It is the core of a process that has ended, of which parts may be missing. */
bool target_is_core(const struct target *target);

/* A text, cut to size; "" when it is not there. */
void target_text(struct target *target, uint64_t at, char *to, size_t size);

/*
 * What a symbol stands for, and is_it() says it is; 0: there is none. A file
 * may be mapped more than once, as one that is read for its symbols is.
 */
uint64_t target_symbol(struct target *target, const char *name,
    bool (*is_it)(struct target *target, uint64_t at));

/* Its modules; and the same of its own, that its threads can be attached to
 * (threads stop meanwhile); NULL: they cannot be. */
Dwfl *target_dwfl(struct target *target);
Dwfl *target_attach(struct target *target);

/* Microseconds since 1970 at the zero of the clock that its loops have; 0: not
 * known, as with a core, which does not say when it was made. */
int64_t target_epoch_us(const struct target *target);

#endif
