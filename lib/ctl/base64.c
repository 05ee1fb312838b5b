/*
 * base64.c - bytes as text, RFC 4648 section 4.
 *
 * Decoding is strict: padding is required, blanks and line breaks are not
 * accepted, and the bits that padding leaves over must be zero, so that every
 * string of bytes has exactly one text.
 */
#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Four characters, the last pad of them "=", to 3 - pad bytes. */
static bool
decode_group(const char *text, size_t pad, unsigned char out[3])
{
	unsigned long bits = 0;
	const char *digit;
	size_t i;

	for (i = 0; i < 4 - pad; i++) {
		digit = memchr(alphabet, text[i], sizeof(alphabet) - 1);
		if (digit == NULL)
			return false;
		bits |= (unsigned long)(digit - alphabet) << (18 - 6 * i);
	}
	for (i = 0; i < 3; i++)
		out[i] = (unsigned char)(bits >> (16 - 8 * i));
	return (bits & ((1UL << (8 * pad)) - 1)) == 0;
}

static size_t
padding(const char *text, size_t size)
{
	if (size == 0 || text[size - 1] != '=')
		return 0;
	return text[size - 2] == '=' ? 2 : 1;
}

int
evtask_ctl_base64_decode(const char *text, size_t size, void **ret_bytes,
    size_t *ret_size)
{
	unsigned char *bytes;
	size_t pad, i;

	if (size % 4 != 0)
		return -EINVAL;
	pad = padding(text, size);
	bytes = malloc(size / 4 * 3 + 1); /* never an empty allocation */
	if (bytes == NULL)
		return -ENOMEM;
	for (i = 0; i < size / 4; i++)
		if (!decode_group(text + 4 * i, i + 1 == size / 4 ? pad : 0,
		    bytes + 3 * i)) {
			free(bytes);
			return -EINVAL;
		}
	*ret_bytes = bytes;
	*ret_size = size / 4 * 3 - pad;
	return 0;
}

struct json_object *
evtask_ctl_base64_encode(const void *bytes, size_t size)
{
	const unsigned char *b = bytes;
	struct json_object *string;
	size_t groups = size / 3 + (size % 3 != 0), i, j, left;
	unsigned long bits;
	char *text;

	if (groups > INT_MAX / 4)
		return NULL;
	text = malloc(groups * 4 + 1);
	if (text == NULL)
		return NULL;
	for (i = 0; i < groups; i++) {
		left = size - 3 * i; /* 1, 2, or more */
		bits = (unsigned long)b[3 * i] << 16;
		if (left > 1)
			bits |= (unsigned long)b[3 * i + 1] << 8;
		if (left > 2)
			bits |= b[3 * i + 2];
		for (j = 0; j < 4; j++)
			text[4 * i + j] = j > left ? '='
			    : alphabet[bits >> (18 - 6 * j) & 63];
	}
	string = json_object_new_string_len(text, (int)(groups * 4));
	free(text);
	return string;
}
