/*
 * crew.h - tasks that wait for several others, in every way there is.
 */
#ifndef TESTS_ZOO_CREW_H
#define TESTS_ZOO_CREW_H

/* The body of an animal: five tasks that wait, for two others that sleep. */
int crew(void *arg);

#endif
