/*
 * nofp.c - a module built without frame pointers, loaded at run time: frames of
 * it must be unwound all the same.
 */
#include <evtask/evtask.h>
#include <stdlib.h>

int nofp_run(void *arg);

static __attribute__((__noinline__)) int
nofp_inner(int n)
{
	volatile char bytes[200];
	int r;

	bytes[n] = 1;
	r = n > 0 ? nofp_inner(n - 1) : evtask_sleep(EVTASK_FOREVER);
	return r < 0 ? r : bytes[n];
}

int
nofp_run(void *arg)
{
	int r = nofp_inner(3);

	return r < 0 ? r : 0;
}
