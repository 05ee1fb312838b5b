/*
 * remote.h - a task that says where it stands, to threads that wait for that.
 */
#ifndef TESTS_REMOTE_H
#define TESTS_REMOTE_H

#include <semaphore.h>

#include "tests/core.h"

static sem_t sleeping;		/* posted by a task before it sleeps */

static UNUSED int
sleep_and_tell(void *arg)
{
	int r;

	sem_post(&sleeping);
	r = evtask_sleep(EVTASK_FOREVER);
	return arg != NULL ? 0 : r;
}

#endif
