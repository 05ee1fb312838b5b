/*
 * main.c - evtask, the program. Everything is in the library beside it, which
 * the tests link, too.
 */
#include "cli.h"

int
main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
