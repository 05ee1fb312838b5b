/*
 * main.c - evtaskd, the program; all of it is in daemon.c.
 */
#include "daemon.h"

int
main(int argc, char **argv)
{
	struct daemon daemon;

	return daemon_run(&daemon, argc, argv);
}
