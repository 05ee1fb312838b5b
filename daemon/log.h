/*
 * log.h - what evtaskd tells its operator, a line at a time, on stderr.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include <evtask/base.h>

/* The numbers are syslog's, which the journal reads. */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

struct log {
	int fd;			/* not owned */
	/* What is less urgent is not said. The watchdog's thread reads it. */
	_Atomic enum log_level level;
	bool journal;		/* fd leads to the journal */
};

/* Lines go to fd; $JOURNAL_STREAM tells whether that is the journal. */
void log_init(struct log *log, int fd, enum log_level level);

/* Says it, as one line and one write. Never fails: a line that stderr does
 * not take is lost. errno is kept. */
void log_say(const struct log *log, enum log_level level, const char *fmt,
    ...) EVTASK_PRINTF(3, 4);

/* "error", "warning" ... and back: 0, or -EINVAL. */
const char *log_level_name(enum log_level level);
int log_level_parse(const char *name, enum log_level *ret_level);

#endif
