/*
 * ctl_value.h - JSON values: building them, and the two texts inside them that
 * need reading: durations and base64.
 *
 * Building fails once: a put on a NULL object does nothing, and a put that
 * gets no memory releases the object and makes it NULL. So the end is the
 * only place to look.
 *
 *	struct json_object *o = json_object_new_object();
 *
 *	evtask_ctl_put_int(&o, "id", 42);
 *	evtask_ctl_put_text(&o, "name", "nap");
 *	return o; // NULL: no memory
 */
#ifndef EVTASK_CTL_VALUE_H
#define EVTASK_CTL_VALUE_H

#include <evtask/base.h>

struct json_object;

#ifdef __cplusplus
extern "C" {
#endif

/* Put a member into *object, unless that is NULL. */
EVTASK_API void
evtask_ctl_put_int(struct json_object **object, const char *key, int64_t n);
EVTASK_API void
evtask_ctl_put_bool(struct json_object **object, const char *key, bool truth);
/* text NULL puts null. */
EVTASK_API void
evtask_ctl_put_text(struct json_object **object, const char *key,
    const char *text);
EVTASK_API void
evtask_ctl_put_null(struct json_object **object, const char *key);
/* Takes value, also on failure. value NULL is a failure: see put_null. */
EVTASK_API void
evtask_ctl_put(struct json_object **object, const char *key,
    struct json_object *value);
/* The same for the end of an array. */
EVTASK_API void
evtask_ctl_append(struct json_object **array, struct json_object *value);

/*
 * Members of an object (which may be NULL), read without surprise: what is
 * absent, null or of another type gives absent. Texts are borrowed.
 */
EVTASK_API int64_t
evtask_ctl_get_int(struct json_object *object, const char *key,
    int64_t absent);
EVTASK_API bool
evtask_ctl_get_bool(struct json_object *object, const char *key, bool absent);
EVTASK_API const char *
evtask_ctl_get_text(struct json_object *object, const char *key,
    const char *absent);
/* Borrowed; NULL when absent or null. */
EVTASK_API struct json_object *
evtask_ctl_get(struct json_object *object, const char *key);

/*
 * A duration for people, in microseconds: seconds ("90", "0.5"), or numbers
 * with units, from the greatest to the least, each at most once: "1h30m",
 * "2d 12h", "1.5s", "250ms". Units are w d h m min s sec ms us; digits after
 * the sixth of a fraction are cut. Returns 0, -EINVAL (not a duration) or
 * -ERANGE (over EVTASK_CTL_INT_MAX microseconds).
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_duration_parse(const char *text, int64_t *ret_us);
/* The same of a JSON value: seconds as a number, or such a text. */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_duration_value(struct json_object *value, int64_t *ret_us);

#define EVTASK_CTL_DURATION_SIZE 48
/*
 * Writes a duration so that parsing gives the same back: "1h30m", "250ms",
 * "0s". Negative ones get a "-", which parsing refuses. Returns text.
 */
EVTASK_API const char *
evtask_ctl_duration_format(int64_t us, char text[EVTASK_CTL_DURATION_SIZE]);

/*
 * Base64 as RFC 4648 section 4 has it: padded, no line breaks. decode returns
 * 0, -EINVAL or -ENOMEM; the caller free()s the bytes. encode returns NULL
 * without memory.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_base64_decode(const char *text, size_t size, void **ret_bytes,
    size_t *ret_size);
EVTASK_API struct json_object *
evtask_ctl_base64_encode(const void *bytes, size_t size);

/* Whether all of it is UTF-8, as JSON text has to be. */
EVTASK_API bool evtask_ctl_is_utf8(const char *bytes, size_t size);

/*
 * "Did you mean": offer the candidates one by one; best is then the nearest
 * that a slip of the fingers explains, or NULL. Borrowed from the offers.
 *
 *	struct evtask_ctl_nearest n = {.word = "tsk.list"};
 */
struct evtask_ctl_nearest {
	const char *word;
	const char *best;
	size_t distance; /* edits from word to best */
};
EVTASK_API void
evtask_ctl_nearest_offer(struct evtask_ctl_nearest *nearest,
    const char *candidate);

#ifdef __cplusplus
}
#endif
#endif
