/*
 * chrome.c - events in Chrome's trace format, a line each.
 *
 * Numbers of tracks are those of tasks; 0 is the loop's. Both ends of an arrow
 * are written together, and slices only when they are over: nothing is left
 * unmatched, wherever a trace ends.
 */
#include "inspect/chrome.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

void
chrome_put(struct chrome *chrome, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (fputs(text, chrome->file) < 0)
		chrome->r = -EIO;
}

/* Bytes of the character of UTF-8 that begins there; 0: none does. */
static size_t
character_size(const unsigned char *p)
{
	size_t size = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (p[0] < 0xc2 || p[0] > 0xf4 ||
	    (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	for (size_t i = 1; i < size; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

/* Names may hold anything, and be cut within a character. */
void
chrome_put_text(struct chrome *chrome, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t size;

	for (; *p != '\0'; p += size) {
		size = *p >= 0x80 ? character_size(p) : 1;
		if (*p == '"' || *p == '\\')
			chrome_put(chrome, "\\%c", *p);
		else if (size == 0 || *p < 0x20 || *p == 0x7f)
			chrome_put(chrome, "\\u%04x", *p);
		else
			chrome_put(chrome, "%.*s", (int)size, (const char *)p);
		size += size == 0;
	}
}

void
chrome_put_time(struct chrome *chrome, const char *key, int64_t ns)
{
	if (ns < 0)
		ns = 0;
	chrome_put(chrome, ",\"%s\":%" PRId64 ".%03d", key, ns / 1000,
	    (int)(ns % 1000));
}

void
chrome_begin(struct chrome *chrome, char phase, uint64_t track, int64_t ts_ns,
    const char *category)
{
	chrome_put(chrome, "%s\n{\"ph\":\"%c\",\"pid\":1,\"tid\":%" PRIu64
	    ",\"cat\":\"%s\"", chrome->begun ? "," : "", phase, track,
	    category);
	chrome_put_time(chrome, "ts", ts_ns - chrome->first_ns);
	chrome->begun = true;
}

void
chrome_begin_slice(struct chrome *chrome, uint64_t track,
    const char *category, int64_t from_ns, int64_t to_ns)
{
	if (from_ns < chrome->first_ns)
		from_ns = chrome->first_ns;
	chrome_begin(chrome, 'X', track, from_ns, category);
	chrome_put_time(chrome, "dur", to_ns - from_ns);
}

static void
put_name(struct chrome *chrome, const char *name)
{
	chrome_put(chrome, ",\"name\":\"");
	chrome_put_text(chrome, name);
	chrome_put(chrome, "\"");
}

void
chrome_slice(struct chrome *chrome, uint64_t track, const char *name,
    const char *category, int64_t from_ns, int64_t to_ns)
{
	chrome_begin_slice(chrome, track, category, from_ns, to_ns);
	put_name(chrome, name);
	chrome_put(chrome, "}");
}

static void
begin_instant(struct chrome *chrome, uint64_t track, const char *name,
    int64_t ts_ns)
{
	chrome_begin(chrome, 'i', track, ts_ns, "evtask");
	chrome_put(chrome, ",\"s\":\"t\"");
	put_name(chrome, name);
}

void
chrome_instant(struct chrome *chrome, uint64_t track, const char *name,
    int64_t ts_ns)
{
	begin_instant(chrome, track, name, ts_ns);
	chrome_put(chrome, "}");
}

void
chrome_deed(struct chrome *chrome, uint64_t track, const char *name,
    int64_t ts_ns, uint64_t by)
{
	begin_instant(chrome, track, name, ts_ns);
	chrome_put(chrome, ",\"args\":{\"by\":%" PRIu64 "}}", by);
}

void
chrome_arrow(struct chrome *chrome, uint64_t from, int64_t from_ns,
    uint64_t to, int64_t to_ns)
{
	uint64_t id = ++chrome->flows;

	chrome_begin(chrome, 's', from, from_ns, "wake");
	chrome_put(chrome, ",\"id\":%" PRIu64 ",\"name\":\"wake\"}", id);
	chrome_begin(chrome, 'f', to, to_ns, "wake");
	chrome_put(chrome, ",\"id\":%" PRIu64 ",\"bp\":\"e\","
	    "\"name\":\"wake\"}", id);
}

void
chrome_counter(struct chrome *chrome, const char *name, const char *key,
    int64_t ts_ns, int64_t value)
{
	chrome_begin(chrome, 'C', 0, ts_ns, "evtask");
	put_name(chrome, name);
	chrome_put(chrome, ",\"args\":{\"%s\":%" PRId64 "}}", key, value);
}

void
chrome_track_name(struct chrome *chrome, uint64_t track, const char *name)
{
	chrome_put(chrome, "%s\n{\"ph\":\"M\",\"pid\":1,\"tid\":%" PRIu64
	    ",\"name\":\"thread_name\",\"args\":{\"name\":\"",
	    chrome->begun ? "," : "", track);
	chrome->begun = true;
	chrome_put_text(chrome, name);
	chrome_put(chrome, "\"}}");
}
