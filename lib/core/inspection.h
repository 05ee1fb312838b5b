/*
 * inspection.h - whether tasks can be looked at: always, but in a build that
 * is there to measure what that costs.
 *
 * configure --disable-inspection: nobody is told (tell.h), nothing is recorded
 * (recorder.h), and of a task's life nothing is kept (life.h). These three
 * headers ask for INSPECTION where something would be written down, so that
 * compilers drop it; who reads answers -ENOSYS, or that it is not known.
 *
 * What stays is what tasks need to work: their names and numbers, what they
 * wait for, the loop's list of them and its counts.
 */
#ifndef CORE_INSPECTION_H
#define CORE_INSPECTION_H

#include <stdbool.h>

#ifdef WITHOUT_INSPECTION
#define INSPECTION false
#else
#define INSPECTION true
#endif

#endif
