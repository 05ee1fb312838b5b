/*
 * duration.c - durations for people: "90", "1h30m", "250ms".
 *
 * One table of units serves both ways. Units must come from the greatest to
 * the least, each once: that makes "1m30h" and "5s5s", which are slips, errors
 * and not sums. A bare number is seconds, and stands alone: "1h30" could be
 * minutes or seconds.
 */
#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define FRACTION_DIGITS 6

static const struct unit {
	const char *name;
	const char *alias; /* accepted, not written */
	int64_t us;
} units[] = {
	{ "w", "w", 7 * 86400 * SECOND_US },
	{ "d", "d", 86400 * SECOND_US },
	{ "h", "h", 3600 * SECOND_US },
	{ "m", "min", 60 * SECOND_US },
	{ "s", "sec", SECOND_US },
	{ "ms", "ms", 1000 },
	{ "us", "us", 1 },
};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

/* A decimal: whole + fraction / 10^FRACTION_DIGITS. */
struct decimal {
	int64_t whole;
	int64_t fraction;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits with at most one point, one digit at least on each side. */
static int
read_decimal(const char **at, struct decimal *ret)
{
	struct decimal d = {0};
	const char *c = *at;
	int places = FRACTION_DIGITS;

	if (!is_digit(*c))
		return -EINVAL;
	for (; is_digit(*c); c++) {
		d.whole = d.whole * 10 + (*c - '0');
		if (d.whole > EVTASK_CTL_INT_MAX)
			return -ERANGE;
	}
	if (*c == '.') {
		if (!is_digit(*++c))
			return -EINVAL;
		for (; is_digit(*c); c++)
			if (places > 0) {
				d.fraction = d.fraction * 10 + (*c - '0');
				places--;
			}
	}
	for (; places > 0; places--)
		d.fraction *= 10;
	*at = c;
	*ret = d;
	return 0;
}

/* The unit that stands at *at; N_UNITS: none. */
static size_t
read_unit(const char **at)
{
	size_t size = strspn(*at, "abcdefghijklmnopqrstuvwxyz"), i;

	for (i = 0; i < N_UNITS; i++)
		if ((strlen(units[i].name) == size &&
		    memcmp(units[i].name, *at, size) == 0) ||
		    (strlen(units[i].alias) == size &&
		    memcmp(units[i].alias, *at, size) == 0)) {
			*at += size;
			break;
		}
	return i;
}

static int
add(int64_t *sum, const struct decimal *d, int64_t unit_us)
{
	if (d->whole > (EVTASK_CTL_INT_MAX - *sum) / unit_us)
		return -ERANGE;
	*sum += d->whole * unit_us + d->fraction * unit_us / 1000000;
	return *sum <= EVTASK_CTL_INT_MAX ? 0 : -ERANGE;
}

int
evtask_ctl_duration_parse(const char *text, int64_t *ret_us)
{
	const char *at = text;
	struct decimal d;
	size_t unit, next = 0; /* the greatest unit that may still come */
	int64_t us = 0;
	int r;

	do {
		r = read_decimal(&at, &d);
		if (r < 0)
			return r;
		unit = read_unit(&at);
		if (unit == N_UNITS) {
			/* No unit: seconds, and then nothing else. */
			if (next != 0 || *at != '\0')
				return -EINVAL;
			r = add(&us, &d, SECOND_US);
		} else {
			if (unit < next)
				return -EINVAL;
			next = unit + 1;
			r = add(&us, &d, units[unit].us);
		}
		if (r < 0)
			return r;
		if (*at == ' ' && at[1] != '\0')
			at++;
	} while (*at != '\0');
	*ret_us = us;
	return 0;
}

int
evtask_ctl_duration_value(struct json_object *value, int64_t *ret_us)
{
	const char *text;
	double seconds;

	if (json_object_is_type(value, json_type_string)) {
		text = json_object_get_string(value);
		if (strlen(text) != (size_t)json_object_get_string_len(value))
			return -EINVAL;
		return evtask_ctl_duration_parse(text, ret_us);
	}
	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double))
		return -EINVAL;
	seconds = json_object_get_double(value);
	if (!(seconds >= 0))
		return -EINVAL;
	if (seconds > (double)(EVTASK_CTL_INT_MAX / SECOND_US))
		return -ERANGE;
	*ret_us = llround(seconds * SECOND_US);
	return 0;
}

const char *
evtask_ctl_duration_format(int64_t us, char text[EVTASK_CTL_DURATION_SIZE])
{
	uint64_t left = us < 0 ? -(uint64_t)us : (uint64_t)us;
	uint64_t unit_us;
	int size = us < 0 ? 1 : 0;
	size_t i;

	strcpy(text, us < 0 ? "-" : us == 0 ? "0s" : "");
	for (i = 1; i < N_UNITS; i++) { /* from days on: weeks are rare */
		unit_us = (uint64_t)units[i].us;
		if (left / unit_us > 0)
			size += snprintf(text + size,
			    EVTASK_CTL_DURATION_SIZE - (size_t)size, "%llu%s",
			    (unsigned long long)(left / unit_us),
			    units[i].name);
		left %= unit_us;
	}
	return text;
}
