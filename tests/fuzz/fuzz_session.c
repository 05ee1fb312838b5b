/*
 * Any bytes to a session, in pieces that the bytes themselves choose: the
 * server answers with messages as its schema has them or not at all, and
 * leaves nothing behind.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stage.h"

#define TURNS_MAX 4000

static void
talk(struct stage *stage, int fd, const uint8_t *data, size_t size,
    struct stage_output *output)
{
	int left = TURNS_MAX;
	size_t piece;
	ssize_t n;

	while (size > 0 && left-- > 0 && !output->ended) {
		piece = 1 + (size_t)data[0] * 7;
		n = send(fd, data, piece < size ? piece : size,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
		stage_turn(stage);
		while (stage_read(fd, SIZE_MAX, output, NULL, NULL) > 0)
			;
	}
	shutdown(fd, SHUT_WR);
	for (left = 40; left > 0 && !output->ended; left--) {
		stage_turn(stage);
		stage_read(fd, SIZE_MAX, output, NULL, NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stage_output output = {0};
	static struct stage stage;
	int fd;

	stage_open(&stage);
	fd = stage_connect(&stage, EVTASK_CTL_ADMIN);
	talk(&stage, fd, data, size, &output);
	close(fd);
	stage_turn(&stage);
	stage_turn(&stage);
	stage_close(&stage);
	stage_output_release(&output);
	return 0;
}
