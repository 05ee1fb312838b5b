/*
 * frame.c - a stream of bytes to lines.
 *
 * A frame owns one buffer, which holds the beginning of a line whose end has
 * not come yet; a line that comes whole is handed out where it lies, uncopied.
 * Every byte is looked at once, so a line that comes byte by byte costs no
 * more than its length. The buffer grows by doubling up to max_bytes and is
 * given back after a long line.
 *
 *	reading --(max_bytes and no LF)--> discarding --(LF)--> reading
 *
 * Discarding is entered with the one -EMSGSIZE and keeps nothing.
 */
#include <errno.h>
#include <evtask/ctl_message.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 1024
#define KEPT_ROOM (64 << 10) /* a buffer greater than this is given back */

struct evtask_ctl_frame {
	size_t max_bytes;  /* of a line, without its end */
	char *buf;
	size_t room;
	size_t size;       /* bytes of the unfinished line */
	bool handed_out;   /* buf is the caller's until the next call */
	bool discarding;
};

struct evtask_ctl_frame *
evtask_ctl_frame_new(size_t max_bytes)
{
	struct evtask_ctl_frame *frame = calloc(1, sizeof(*frame));

	if (frame != NULL)
		frame->max_bytes = max_bytes;
	return frame;
}

void
evtask_ctl_frame_free(struct evtask_ctl_frame *frame)
{
	if (frame == NULL)
		return;
	free(frame->buf);
	free(frame);
}

/* The line handed out by the last call is over. */
static void
begin_line(struct evtask_ctl_frame *frame)
{
	if (!frame->handed_out)
		return;
	frame->handed_out = false;
	frame->size = 0;
	if (frame->room > KEPT_ROOM) {
		free(frame->buf);
		frame->buf = NULL;
		frame->room = 0;
	}
}

/* Keeps bytes of an unfinished line; one more than max_bytes may be its CR. */
static int
keep(struct evtask_ctl_frame *frame, const char *bytes, size_t size)
{
	size_t need = frame->size + size, room = frame->room;
	char *buf;

	if (need > frame->max_bytes + 1)
		return -EMSGSIZE;
	if (need > room) {
		room = room > FIRST_ROOM ? room : FIRST_ROOM;
		while (room < need)
			room *= 2;
		buf = realloc(frame->buf, room);
		if (buf == NULL)
			return -ENOMEM;
		frame->buf = buf;
		frame->room = room;
	}
	if (size > 0)
		memcpy(frame->buf + frame->size, bytes, size);
	frame->size = need;
	return 0;
}

/* Gives up the line being read; its end, if it has come, is passed. */
static int
discard(struct evtask_ctl_frame *frame, bool has_end, int r)
{
	frame->discarding = !has_end;
	frame->handed_out = true; /* the buffer is over */
	return r;
}

static bool
is_blank(const char *line, size_t size)
{
	while (size > 0 && (*line == ' ' || *line == '\t'))
		line++, size--;
	return size == 0;
}

/* Hands out a line, its LF already off; 0 for a blank one. */
static int
hand_out(struct evtask_ctl_frame *frame, const char *line, size_t size,
    const char **ret_line, size_t *ret_size)
{
	if (size > 0 && line[size - 1] == '\r')
		size--;
	if (size > frame->max_bytes)
		return -EMSGSIZE;
	if (is_blank(line, size))
		return 0;
	*ret_line = line;
	*ret_size = size;
	return 1;
}

/* Takes the piece of a line that bytes begin with; size counts its LF. */
static int
take_piece(struct evtask_ctl_frame *frame, const char *bytes, size_t size,
    bool has_end, const char **ret_line, size_t *ret_size)
{
	int r;

	if (frame->discarding) {
		frame->discarding = !has_end;
		return 0;
	}
	if (has_end && frame->size == 0)
		return hand_out(frame, bytes, size - 1, ret_line, ret_size);
	r = keep(frame, bytes, size - has_end);
	if (r < 0)
		return discard(frame, has_end, r);
	if (!has_end)
		return 0;
	frame->handed_out = true;
	return hand_out(frame, frame->buf, frame->size, ret_line, ret_size);
}

int
evtask_ctl_frame_next(struct evtask_ctl_frame *frame, const char **bytes,
    size_t *size, const char **ret_line, size_t *ret_size)
{
	const char *piece, *lf;
	size_t n;
	int r = 0;

	while (r == 0 && *size > 0) {
		begin_line(frame);
		piece = *bytes;
		lf = memchr(piece, '\n', *size);
		n = lf != NULL ? (size_t)(lf - piece) + 1 : *size;
		*bytes += n;
		*size -= n;
		r = take_piece(frame, piece, n, lf != NULL, ret_line,
		    ret_size);
	}
	return r;
}

int
evtask_ctl_frame_end(struct evtask_ctl_frame *frame, const char **ret_line,
    size_t *ret_size)
{
	begin_line(frame);
	if (frame->discarding || frame->size == 0)
		return 0;
	frame->handed_out = true;
	return hand_out(frame, frame->buf, frame->size, ret_line, ret_size);
}
