/*
 * inspect_warning.h - what looks wrong with a task: each kind has a name.
 *
 *	unsigned int bits = evtask_get_warnings(task);
 *
 *	for (w = 0; w < EVTASK_WARNINGS; w++)
 *		if (bits & (1U << w))
 *			printf("%s\n", evtask_warning_name(w));
 *
 * A warning is a reading of what the library knows, made when it is asked for:
 * it goes as soon as what it says is no longer so. Called from the loop's
 * thread; does not suspend.
 */
#ifndef EVTASK_INSPECT_WARNING_H
#define EVTASK_INSPECT_WARNING_H

#include <evtask/inspect.h>

#ifdef __cplusplus
extern "C" {
#endif

enum evtask_warning {
	EVTASK_WARNING_DEADLOCK,
	EVTASK_WARNING_ABANDONED_LOCK,
	EVTASK_WARNING_ORPHAN_WAIT,
	EVTASK_WARNING_CANCEL_IGNORED,
	EVTASK_WARNING_LOCK_LEFT_HELD,
	EVTASK_WARNING_NEVER_RETRIEVED,
	EVTASK_WARNING_STACK_HIGH,
	EVTASK_WARNING_SELF_WAKING,
	EVTASK_WARNINGS,		/* how many there are */
};

enum {
	EVTASK_CANCEL_IGNORED_US = 10000000,	/* asked for so long ago */
	EVTASK_STACK_HIGH_PERCENT = 80,
	EVTASK_SELF_WAKING_RATE = 1000,		/* resumes a second */
};

/* A bit for each that applies: 1 << EVTASK_WARNING_... */
EVTASK_API unsigned int evtask_get_warnings(const struct evtask *task);

/* "deadlock", "orphan-wait" ...; and a sentence or two that explain it. */
EVTASK_API const char *evtask_warning_name(enum evtask_warning warning);
EVTASK_API const char *evtask_warning_doc(enum evtask_warning warning);

#ifdef __cplusplus
}
#endif
#endif
