/*
 * loop.c - the least there is to running commands: posix_spawn(3) and
 * waitid(2) in a loop, N children at a time, nothing captured.
 */
#include <sched.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/measure.h"

extern char **environ;

static void
start_one(void)
{
	char *const argv[] = { (char *)"/bin/true", NULL };
	pid_t pid;

	if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ) != 0) {
		perror("posix_spawn");
		exit(1);
	}
}

static double
cpu_us_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void
run_exec(long n)
{
	int64_t began = now_ns();
	int64_t until = began + 5 * measure_ns();
	siginfo_t info;
	cpu_set_t all;
	long done = 0;

	memset(&all, 0xff, sizeof all); /* as the others, on every processor */
	sched_setaffinity(0, sizeof all, &all);
	for (long i = 0; i < n; i++)
		start_one();
	while (n > 0) {
		waitid(P_ALL, 0, &info, WEXITED);
		done++;
		if (now_ns() < until)
			start_one();
		else
			n--;
	}
	report("rate", (double)done * 1e9 /
	    (double)(now_ns() - began));
	report("total", (cpu_us_of(RUSAGE_SELF) + cpu_us_of(RUSAGE_CHILDREN)) /
	    (double)done);
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		puts("exec");
	else
		run_exec(atol(argv[2]));
	return 0;
}
