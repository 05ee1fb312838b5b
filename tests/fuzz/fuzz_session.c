/*
 * Any bytes to a session: the server answers with messages as its schema has
 * them or not at all, and leaves nothing behind.
 *
 * The bytes are lines, and blanks in front of one, which a server ignores, say
 * how it goes. Without any it goes with those before it, in one write; after an
 * empty line the loop has turned; after tabs time has passed, more with each;
 * after spaces the line goes in pieces, as small as there are spaces few.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stage.h"

#define TURNS_MAX 4000 /* to send a line */
#define LISTEN_MAX 40  /* to hear the rest */
#define QUIET_TURNS 3  /* and nothing more comes while time stands still */
#define PIECE_MAX 800
#define SPACE_BYTES 24 /* of a piece, for each space */
#define TABS_MAX 9    /* and a day is over */
#define PATIENCE (96 << 10) /* bytes to listen to; no more is said then */

static struct stage stage;
static uint64_t said;

/* How many of byte it begins with. */
static size_t
count(const uint8_t *data, size_t size, uint8_t byte)
{
	size_t n = 0;

	while (n < size && data[n] == byte)
		n++;
	return n;
}

/* To the end of the line, or of those before the next that is told to wait. */
static size_t
lines_size(const uint8_t *data, size_t size)
{
	size_t n = 0;

	while (n < size && n < PIECE_MAX)
		if (data[n++] == '\n' && n < size &&
		    memchr(" \t\n", data[n], 3) != NULL)
			break;
	return n;
}

static void
let_time_pass(size_t tabs)
{
	if (tabs > TABS_MAX)
		tabs = TABS_MAX;
	if (tabs > 0)
		stage_advance(&stage, 1000000LL << (2 * (tabs - 1)));
}

static void
hear(int fd, struct stage_output *output)
{
	while (stage_read(fd, SIZE_MAX, output, NULL, NULL) > 0)
		;
}

/* All of it, or as much as a server takes that closes the connection. */
static void
say(int fd, const uint8_t *data, size_t size, size_t piece,
    struct stage_output *output)
{
	int turns = TURNS_MAX;
	ssize_t n;

	while (size > 0 && turns-- > 0 && !output->ended) {
		n = send(fd, data, size < piece ? size : piece,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
		stage_turn(&stage);
		if (n <= 0)
			hear(fd, output);
	}
	hear(fd, output);
}

static void
talk(int fd, const uint8_t *data, size_t size, struct stage_output *output)
{
	int turns = LISTEN_MAX, quiet = 0;
	size_t n, spaces;

	for (; size > 0 && output->bytes_taken < PATIENCE;
	    data += n, size -= n) {
		n = lines_size(data, size);
		let_time_pass(count(data, n, '\t'));
		spaces = count(data, n, ' ');
		say(fd, data, n, spaces > 0 ? spaces * SPACE_BYTES : n, output);
	}
	shutdown(fd, SHUT_WR);
	while (turns-- > 0 && quiet < QUIET_TURNS && !output->ended) {
		stage_turn(&stage);
		quiet = stage_read(fd, SIZE_MAX, output, NULL, NULL) > 0
		    ? 0 : quiet + 1;
	}
}

uint64_t
fuzz_said(void)
{
	return said;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stage_output output = {0};
	int fd;

	stage_open(&stage);
	fd = stage_connect(&stage, EVTASK_CTL_ADMIN);
	talk(fd, data, size, &output);
	close(fd);
	stage_turn(&stage);
	stage_turn(&stage);
	stage_close(&stage);
	said = output.sum;
	stage_output_release(&output);
	return 0;
}
