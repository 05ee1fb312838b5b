/*
 * utf8.c - what UTF-8 is: table 3-7 of the Unicode standard, and no more.
 *
 * The second byte carries all the special cases: it is what refuses overlong
 * forms (after E0 and F0), surrogates (after ED) and what lies beyond U+10FFFF
 * (after F4).
 */
#include "utf8.h"
#include <evtask/ctl_value.h>
#include <string.h>

static const struct {
	unsigned char first_low, first_high;
	unsigned char second_low, second_high;
	unsigned char size;
} sequences[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t
utf8_size(const char *bytes, size_t size)
{
	const unsigned char *b = (const unsigned char *)bytes;
	size_t row = 0, i;

	if (b[0] < 0x80)
		return 1;
	while (row < sizeof(sequences) / sizeof(sequences[0]) &&
	    b[0] > sequences[row].first_high)
		row++;
	if (row == sizeof(sequences) / sizeof(sequences[0]) ||
	    b[0] < sequences[row].first_low || size < sequences[row].size ||
	    b[1] < sequences[row].second_low ||
	    b[1] > sequences[row].second_high)
		return 0;
	for (i = 2; i < sequences[row].size; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	return sequences[row].size;
}

size_t
utf8_floor(const char *bytes, size_t size)
{
	size_t last = size; /* where the last sequence begins, and one more */

	while (last > 0 && (bytes[last - 1] & 0xc0) == 0x80)
		last--;
	if (last == 0 || utf8_size(bytes + last - 1, size - last + 1) != 0)
		return size;
	return last - 1;
}

bool
evtask_ctl_is_utf8(const char *bytes, size_t size)
{
	uint64_t word; /* of ASCII, which most of it is */
	size_t n;

	for (; size > 0; bytes += n, size -= n) {
		n = sizeof(word);
		if (size >= n && (memcpy(&word, bytes, n),
		    (word & UINT64_C(0x8080808080808080)) == 0))
			continue;
		n = utf8_size(bytes, size);
		if (n == 0)
			return false;
	}
	return true;
}
