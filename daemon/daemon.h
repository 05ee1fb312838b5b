/*
 * daemon.h - evtaskd: one loop, one console, and what belongs to a service.
 */
#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include "bridge.h"
#include "drain.h"
#include "log.h"
#include "module.h"
#include "options.h"
#include "service.h"

/* On main's stack; there is one. */
struct daemon {
	struct options options;
	struct log log;
	struct service service;
	struct evtask_loop *loop;
	struct evtask_console *console;
	struct drain drain;
	struct modules modules;
	struct evtask_console_modules offer; /* of them, to clients */
	struct bridge bridge;
};

/* Runs evtaskd from its command line to its end; returns its exit code. */
int daemon_run(struct daemon *daemon, int argc, char *const *argv);

#endif
