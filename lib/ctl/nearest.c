/*
 * nearest.c - "did you mean".
 *
 * The distance is the number of slips: a letter too many, too few, wrong, or
 * two swapped (optimal string alignment). One slip is allowed, and one more
 * for every four letters; beyond that a suggestion confuses more than it
 * helps. Among equals the first offered wins.
 */
#include <evtask/ctl_value.h>
#include <string.h>

#define WORD_MAX 48 /* longer words get no suggestion */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* rows[i][j]: slips between the first i bytes of a and the first j of b. */
static size_t
count_slips(const char *a, size_t a_size, const char *b, size_t b_size)
{
	unsigned char rows[WORD_MAX + 1][WORD_MAX + 1];
	size_t i, j, slips;

	for (i = 0; i <= a_size; i++)
		rows[i][0] = (unsigned char)i;
	for (j = 0; j <= b_size; j++)
		rows[0][j] = (unsigned char)j;
	for (i = 1; i <= a_size; i++)
		for (j = 1; j <= b_size; j++) {
			slips = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			slips = least(slips, rows[i - 1][j] + 1u);
			slips = least(slips, rows[i][j - 1] + 1u);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				slips = least(slips, rows[i - 2][j - 2] + 1u);
			rows[i][j] = (unsigned char)slips;
		}
	return rows[a_size][b_size];
}

void
evtask_ctl_nearest_offer(struct evtask_ctl_nearest *nearest,
    const char *candidate)
{
	size_t word_size = strlen(nearest->word), size = strlen(candidate);
	size_t slips;

	if (word_size > WORD_MAX || size > WORD_MAX)
		return;
	slips = count_slips(nearest->word, word_size, candidate, size);
	if (slips > 1 + word_size / 4 || slips >= size)
		return;
	if (nearest->best == NULL || slips < nearest->distance) {
		nearest->best = candidate;
		nearest->distance = slips;
	}
}
