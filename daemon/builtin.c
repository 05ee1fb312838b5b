/*
 * builtin.c - the coroutines built into evtaskd, in the order in which they
 * are listed. Adding one is a file in coroutines/ and a row here.
 */
#include "builtin.h"

#include "coroutines/coroutines.h"

const struct evtask_coroutine *const builtin_coroutines[] = {
	&sleep_coroutine,
	&exec_coroutine,
	&http_coroutine,
	&every_coroutine,
	&gather_coroutine,
	NULL,
};
