/*
 * launch_none.c - where no assembly is, nothing is launched.
 */
#include <config.h>

#include "launch.h"

#include <errno.h>

long
launch_clone(struct clone_args *args, size_t size, void (*fn)(void *arg),
    void *arg)
{
	(void)args, (void)size, (void)fn, (void)arg;
	return -ENOSYS;
}

long
launch_call(long number, long a, long b, long c, long d)
{
	(void)number, (void)a, (void)b, (void)c, (void)d;
	return -ENOSYS;
}
