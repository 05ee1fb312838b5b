/*
 * Lines must not depend on how the stream is cut: the whole, and pieces of the
 * size that the first byte says, give the same.
 */
#include <assert.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <stdlib.h>
#include <string.h>
#include "tests/fuzz/fuzz.h"

#define MAX_BYTES 64

/* What came out: lines and errors, one after another, as a checksum. */
struct seen {
	uint64_t sum;
	size_t lines;
};

static void
note(struct seen *seen, int r, const char *line, size_t size)
{
	size_t i;

	assert(r == 1 || r == -EMSGSIZE);
	seen->lines++;
	seen->sum = seen->sum * 31 + (uint64_t)(r + 1000);
	if (r != 1)
		return;
	assert(size > 0 && size <= MAX_BYTES);
	assert(memchr(line, '\n', size) == NULL);
	for (i = 0; i < size; i++)
		seen->sum = seen->sum * 31 + (unsigned char)line[i];
}

static struct seen
run(const char *bytes, size_t size, size_t piece)
{
	struct evtask_ctl_frame *frame = evtask_ctl_frame_new(MAX_BYTES);
	struct seen seen = {0};
	const char *line;
	size_t n, left, line_size;
	int r;

	while (size > 0) {
		n = left = size < piece ? size : piece;
		while ((r = evtask_ctl_frame_next(frame, &bytes, &left, &line,
		    &line_size)) != 0)
			note(&seen, r, line, line_size);
		assert(left == 0);
		size -= n;
	}
	r = evtask_ctl_frame_end(frame, &line, &line_size);
	if (r != 0)
		note(&seen, r, line, line_size);
	evtask_ctl_frame_free(frame);
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct seen whole, pieces;

	if (size == 0)
		return 0;
	whole = run(bytes + 1, size - 1, size);
	pieces = run(bytes + 1, size - 1, data[0] % 16u + 1u);
	assert(whole.sum == pieces.sum && whole.lines == pieces.lines);
	return 0;
}
