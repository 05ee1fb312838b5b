/*
 * ctl_writer.h - JSON written as it is said, with no value in between.
 *
 * What a server says often it need not build as a value, only to have that
 * taken apart again: a writer makes the text at once, through the same gate
 * (ctl_message.h), so it is as valid. The text is then a value like any other
 * to those who put it into one, write it or let it go; but it is text already,
 * and nothing in it can be looked up.
 *
 *	evtask_ctl_write_begin(w);
 *	evtask_ctl_write_open(w, NULL);
 *	evtask_ctl_write_int(w, "id", 42);
 *	evtask_ctl_write_text(w, "name", "nap");
 *	evtask_ctl_write_close(w);
 *	return evtask_ctl_write_take(w); // NULL: no memory
 */
#ifndef EVTASK_CTL_WRITER_H
#define EVTASK_CTL_WRITER_H

#include <evtask/base.h>
#include <stddef.h>

struct json_object;

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_ctl_writer;

/* NULL without memory; free takes NULL. */
EVTASK_API struct evtask_ctl_writer *evtask_ctl_writer_new(void);
EVTASK_API void evtask_ctl_writer_free(struct evtask_ctl_writer *w);

/* A new value: what was written before is forgotten, and so is a failure. */
EVTASK_API void evtask_ctl_write_begin(struct evtask_ctl_writer *w);

/*
 * Each writes a member of the object that is open, by a key that needs no
 * escape; or, key being NULL, an item of the open list, or the whole value.
 * Where there is no memory nothing is written any more. Objects and lists are
 * opened and closed in pairs.
 */
EVTASK_API void
evtask_ctl_write_open(struct evtask_ctl_writer *w, const char *key);
EVTASK_API void evtask_ctl_write_close(struct evtask_ctl_writer *w);
EVTASK_API void
evtask_ctl_write_open_list(struct evtask_ctl_writer *w, const char *key);
EVTASK_API void evtask_ctl_write_close_list(struct evtask_ctl_writer *w);
EVTASK_API void
evtask_ctl_write_null(struct evtask_ctl_writer *w, const char *key);
EVTASK_API void
evtask_ctl_write_bool(struct evtask_ctl_writer *w, const char *key,
    bool truth);
EVTASK_API void
evtask_ctl_write_int(struct evtask_ctl_writer *w, const char *key, int64_t n);
/* NULL writes null; of the second a NUL is a byte like any other. */
EVTASK_API void
evtask_ctl_write_text(struct evtask_ctl_writer *w, const char *key,
    const char *text);
EVTASK_API void
evtask_ctl_write_bytes(struct evtask_ctl_writer *w, const char *key,
    const char *bytes, size_t size);
/* Borrows value; NULL writes null. */
EVTASK_API void
evtask_ctl_write_value(struct evtask_ctl_writer *w, const char *key,
    struct json_object *value);

/* A whole line: a notification, whose params are open between these two. */
EVTASK_API void
evtask_ctl_write_notification(struct evtask_ctl_writer *w,
    const char *method);
EVTASK_API void evtask_ctl_write_end(struct evtask_ctl_writer *w);

/*
 * The whole protocol as evtask_ctl_discover() has it, piece by piece from 0 on,
 * for who must not be busy with it for long. Piece 0 begins a new value. False:
 * that was the last.
 */
EVTASK_API bool
evtask_ctl_write_discovery(struct evtask_ctl_writer *w, size_t piece,
    const char *title, const char *version);

/* Somebody found no memory for what was to be written. */
EVTASK_API void evtask_ctl_write_fail(struct evtask_ctl_writer *w);

/* What is written, the caller's; NULL: something found no memory. */
EVTASK_API struct json_object *
evtask_ctl_write_take(struct evtask_ctl_writer *w);

/* The same, borrowed until the next begin. 0; -ENOMEM; -E2BIG, a value in it
 * was nested too deep. */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_write_get(struct evtask_ctl_writer *w, const char **ret_bytes,
    size_t *ret_size);

#ifdef __cplusplus
}
#endif
#endif
