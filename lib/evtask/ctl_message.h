/*
 * ctl_message.h - from bytes to lines to messages, and back to bytes.
 *
 * What a server does with what it reads, from any buffer, in any pieces:
 *
 *	while ((r = evtask_ctl_frame_next(frame, &bytes, &size, &line,
 *	    &line_size)) != 0) {
 *		if (r == 1)
 *			r = evtask_ctl_request_parse(line, line_size, &m,
 *			    &reply);
 *		if (r == 0)
 *			r = evtask_ctl_message_accept(&m, role, &method,
 *			    &reply);
 *		...
 *	}
 */
#ifndef EVTASK_CTL_MESSAGE_H
#define EVTASK_CTL_MESSAGE_H

#include <evtask/base.h>
#include <evtask/ctl_schema.h>

struct json_object;

#ifdef __cplusplus
extern "C" {
#endif

#define EVTASK_CTL_FRAME_MAX (1 << 20)  /* bytes of a line a server takes */
#define EVTASK_CTL_REPLY_MAX (64 << 20) /* bytes of a line a client takes */
#define EVTASK_CTL_DEPTH_MAX 32 /* objects and arrays inside one another */
/* Values in a line a server takes: reading them is not to hold its loop. A
 * member counts as 2, an object or array as 4, a number with a fraction as
 * 10. */
#define EVTASK_CTL_VALUES_MAX 24576

/*
 * A frame cuts a stream of bytes into lines. It holds at most one unfinished
 * line, of at most max_bytes. Returns NULL without memory; free takes NULL.
 */
struct evtask_ctl_frame;
EVTASK_API struct evtask_ctl_frame *evtask_ctl_frame_new(size_t max_bytes);
EVTASK_API void evtask_ctl_frame_free(struct evtask_ctl_frame *frame);

/*
 * Reads from *bytes until a line is complete, and moves *bytes and *size past
 * what it read. Returns 1 and the line, without its end, borrowed until the
 * next call; 0, all is read and no line is complete; -EMSGSIZE, once for a
 * line that is too long, which is discarded up to its end (answer
 * FrameTooLarge and go on); -ENOMEM, the line being read is lost likewise.
 * Blank lines are passed over.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_frame_next(struct evtask_ctl_frame *frame, const char **bytes,
    size_t *size, const char **ret_line, size_t *ret_size);

/*
 * The input has ended: 1 and the last line, when it had no end; else 0, or
 * -EMSGSIZE as above.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_frame_end(struct evtask_ctl_frame *frame, const char **ret_line,
    size_t *ret_size);

enum evtask_ctl_kind {
	EVTASK_CTL_REQUEST,
	EVTASK_CTL_NOTIFICATION, /* a request without an id */
	EVTASK_CTL_REPLY,
};

/* A message. The members are borrowed from root, which it owns; or root is
 * NULL, and they are its own. */
struct evtask_ctl_message {
	enum evtask_ctl_kind kind;
	struct json_object *root;
	struct json_object *id;     /* NULL: none, or null in a REPLY */
	const char *method;         /* NULL in a REPLY */
	const struct evtask_ctl_method *row; /* its row; NULL: look for it */
	struct json_object *params; /* an object; NULL: none were sent */
	struct json_object *result; /* a REPLY has this ... */
	struct json_object *error;  /* ... or that */
};

/*
 * Reads one line. Returns 0 and the message, the caller's to release;
 * -EBADMSG and *ret_reply, the whole reply to send, which the caller owns;
 * -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_message_parse(const char *line, size_t size,
    struct evtask_ctl_message *ret_message, struct json_object **ret_reply);
/* The same as a server does, for which EVTASK_CTL_VALUES_MAX is a limit. */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_request_parse(const char *line, size_t size,
    struct evtask_ctl_message *ret_message, struct json_object **ret_reply);
EVTASK_API void
evtask_ctl_message_release(struct evtask_ctl_message *message);

/*
 * The server's gate: may a caller of this role send this message, and is it
 * right in every member? Returns 0 and the method's row, with defaults filled
 * into message->params (NULL only of a method that takes none); -EBADMSG and
 * *ret_reply as above, and nothing has happened; -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_message_accept(struct evtask_ctl_message *message,
    enum evtask_ctl_role role, const struct evtask_ctl_method **ret_method,
    struct json_object **ret_reply);

/*
 * An error object of the table's kind: code, message, and data with name, hint
 * and members (taken; NULL: none). A hint or message among the members goes
 * before the table's. An unknown name makes an InternalError. The caller owns
 * it; NULL without memory.
 */
EVTASK_API struct json_object *
evtask_ctl_error_new(const char *name, struct json_object *members);

/*
 * Messages. id is shared (NULL: null); params, result and error are taken, and
 * NULL of them means that there was no memory for them: the answer is NULL,
 * too. params alone may be NULL for none.
 */
EVTASK_API struct json_object *
evtask_ctl_request_new(struct json_object *id, const char *method,
    struct json_object *params);
EVTASK_API struct json_object *
evtask_ctl_notification_new(const char *method, struct json_object *params);
EVTASK_API struct json_object *
evtask_ctl_result_reply(struct json_object *id, struct json_object *result);
EVTASK_API struct json_object *
evtask_ctl_error_reply(struct json_object *id, struct json_object *error);

/*
 * The one gate to the wire: writes value as one line with its LF, whatever is
 * in it: bytes that are no UTF-8 become U+FFFD, numbers that are none become
 * null. Returns 0, and the caller free()s *ret_line (NUL-terminated, not
 * counted in *ret_size); -ENOMEM; -E2BIG, nested deeper than
 * EVTASK_CTL_DEPTH_MAX. Borrows value.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_encode(struct json_object *value, char **ret_line,
    size_t *ret_size);

/*
 * Lines to say, written in place: the same as encoding what
 * evtask_ctl_result_reply() or evtask_ctl_notification_new() makes, without
 * making it. All is borrowed; method is a name of the tables. Returns as
 * evtask_ctl_encode(), the line being borrowed until the next.
 */
struct evtask_ctl_line;
EVTASK_API struct evtask_ctl_line *evtask_ctl_line_new(void);
EVTASK_API void evtask_ctl_line_free(struct evtask_ctl_line *line);
EVTASK_API EVTASK_CHECKED int
evtask_ctl_line_result(struct evtask_ctl_line *line, struct json_object *id,
    struct json_object *result, const char **ret_line, size_t *ret_size);
EVTASK_API EVTASK_CHECKED int
evtask_ctl_line_notification(struct evtask_ctl_line *line, const char *method,
    struct json_object *params, const char **ret_line, size_t *ret_size);

#ifdef __cplusplus
}
#endif
#endif
