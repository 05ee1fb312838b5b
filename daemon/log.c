/*
 * log.c - what evtaskd tells its operator.
 *
 * The library reports and never prints; what is worth telling is said here,
 * once, by the place that decided. One message is one line and one write(2),
 * so that lines of several writers do not mix. To the journal a line carries
 * its priority ("<4>"), and the journal adds the time; to a terminal or a file
 * it carries the time and the level in words.
 */
#include <config.h>

#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024 /* a longer one is cut, and ends in "..." */

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_NOTICE] = "notice",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

int
log_level_parse(const char *name, enum log_level *ret_level)
{
	enum log_level level;

	for (level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++)
		if (strcmp(name, level_names[level]) == 0) {
			*ret_level = level;
			return 0;
		}
	return -EINVAL;
}

/* $JOURNAL_STREAM is the device and inode of the stream systemd gave us; the
 * variable is inherited, the stream may have been redirected: compare. */
static bool
leads_to_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream != NULL &&
	    sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	    fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void
log_init(struct log *log, int fd, enum log_level level)
{
	log->fd = fd;
	log->level = level;
	log->journal = leads_to_journal(fd);
}

static int
write_head(const struct log *log, enum log_level level, char *line,
    size_t size)
{
	struct timespec now;
	struct tm tm;
	char date[32];

	if (log->journal)
		return snprintf(line, size, "<%d>", level);
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	return snprintf(line, size, "%s.%03ld %s: ", date,
	    now.tv_nsec / 1000000, level_names[level]);
}

/* Messages quote what clients sent: no byte of theirs may end the line or
 * move the cursor. */
static void
replace_controls(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == '\177')
			*text = '?';
}

void
log_say(const struct log *log, enum log_level level, const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	size_t head, size;
	int saved = errno;
	va_list ap;

	if (level > log->level)
		return;
	head = (size_t)write_head(log, level, line, sizeof(line));
	va_start(ap, fmt);
	size = head + (size_t)vsnprintf(line + head, sizeof(line) - head, fmt,
	    ap);
	va_end(ap);
	if (size >= sizeof(line)) {
		size = sizeof(line) - 1;
		memcpy(line + size - 3, "...", 3);
	}
	replace_controls(line + head);
	line[size] = '\n';
	(void)!write(log->fd, line, size + 1);
	errno = saved;
}
