/*
 * ring.c - what has happened: a ring of fixed-size records.
 *
 * Every event of the console is written here once, in binary, whoever listens;
 * JSON is made of it by each reader when that reader can take it. So a reader
 * that has stopped costs nothing, and a reader that was overtaken knows to the
 * event what it lost, because events are counted without a gap: a record of
 * several (the lines of one write) has as many numbers.
 *
 * A reader's cursor never points into the future, and may point behind the
 * oldest record: that is the gap.
 */
#include "ring.h"
#include <errno.h>
#include <stdlib.h>

int
ring_init(struct ring *ring, size_t room)
{
	*ring = (struct ring){ .room = room };
	ring->records = calloc(room, sizeof(*ring->records));
	return ring->records != NULL ? 0 : -ENOMEM;
}

static struct ring_record *
record_at(const struct ring *ring, uint64_t position)
{
	return &ring->records[position & (ring->room - 1)];
}

static uint64_t
oldest(const struct ring *ring)
{
	return ring->pushed > ring->room ? ring->pushed - ring->room : 0;
}

/* Looks only at what was ever written: the rest of the ring may not even be
 * in memory. */
void
ring_release(struct ring *ring)
{
	uint64_t position;

	if (ring->records == NULL)
		return;
	for (position = oldest(ring); position < ring->pushed; position++)
		free(record_at(ring, position)->text);
	free(ring->records);
	ring->records = NULL;
}

void
ring_push(struct ring *ring, struct ring_record record)
{
	struct ring_record *at = record_at(ring, ring->pushed++);

	free(at->text);
	*at = record;
	at->seq = ring->seq + 1;
	ring->seq += record.count;
}

/* Records are in the order of their seqs: halve until the first that ends
 * after seq. */
struct ring_cursor
ring_after(const struct ring *ring, uint64_t seq)
{
	uint64_t low = oldest(ring), high = ring->pushed, middle;
	const struct ring_record *record;

	if (seq > ring->seq)
		seq = ring->seq;
	while (low < high) {
		middle = low + (high - low) / 2;
		record = record_at(ring, middle);
		if (record->seq + record->count - 1 > seq)
			high = middle;
		else
			low = middle + 1;
	}
	return (struct ring_cursor){ .position = low, .seq = seq + 1 };
}

bool
ring_lost(const struct ring *ring, struct ring_cursor *cursor,
    struct ring_gap *ret_gap)
{
	uint64_t tail = oldest(ring), first;

	if (cursor->position < tail)
		cursor->position = tail;
	if (cursor->position == ring->pushed)
		return false;
	first = record_at(ring, cursor->position)->seq;
	if (cursor->seq >= first)
		return false;
	*ret_gap = (struct ring_gap){ cursor->seq, first - 1 };
	cursor->seq = first;
	return true;
}

const struct ring_record *
ring_at(const struct ring *ring, const struct ring_cursor *cursor)
{
	return cursor->position < ring->pushed
	    ? record_at(ring, cursor->position) : NULL;
}

void
ring_next(struct ring_cursor *cursor, const struct ring_record *record)
{
	cursor->seq++;
	if (cursor->seq == record->seq + record->count)
		cursor->position++;
}

void
ring_skip(struct ring_cursor *cursor, const struct ring_record *record)
{
	cursor->seq = record->seq + record->count;
	cursor->position++;
}
