/*
 * server.c - the server that a client of the race has started, and what it
 * costs.
 *
 * A client has one server, which is its child and ends with it, but not with
 * what else the client has forked. The socket is in a folder made for it, which
 * is gone afterwards; BENCH_SOCKET is its path. What the server costs is read
 * from its clock and from /proc: it is asked nothing for that.
 */
#include "bench/client/server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/listener.h"
#include "bench/measure.h"

enum { TRIES = 1000 };

static char directory[] = "/tmp/evtask-bench.XXXXXX";
static char path[sizeof directory + 8];
static pid_t client, server;
static clockid_t server_clock;

/* With what a server that is killed leaves beside its socket. */
static void
remove_directory(void)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;

	while (entries != NULL && (entry = readdir(entries)) != NULL)
		unlinkat(dirfd(entries), entry->d_name, 0); /* not "." */
	if (entries != NULL)
		closedir(entries);
	rmdir(directory);
}

static void
clean_up(void)
{
	if (getpid() != client)
		return;
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	remove_directory();
}

void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* Pins this process to a processor, or to all the others. */
static void
pin(int cpu, bool others)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if ((i == cpu) != others)
			CPU_SET(i, &set);
	sched_setaffinity(0, sizeof set, &set); /* there may be only one */
}

void
server_start(char **argv, bool share)
{
	const char *cpu = getenv("BENCH_CPU");
	struct rlimit files;

	if (mkdtemp(directory) == NULL)
		die(directory);
	snprintf(path, sizeof path, "%s/socket", directory);
	setenv("BENCH_SOCKET", path, 1);
	client = getpid();
	atexit(clean_up);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	server = fork();
	if (server < 0)
		die("fork");
	if (server == 0) {
		if (cpu != NULL)
			pin(atoi(cpu), false);
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(1);
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(1);
	}
	if (clock_getcpuclockid(server, &server_clock) != 0)
		die("clock_getcpuclockid");
	if (cpu != NULL)
		pin(atoi(cpu), !share);
}

int
server_connect(void)
{
	struct sockaddr_un address = echo_address();
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	for (int i = 0; i < TRIES; i++) {
		if (connect(fd, (const struct sockaddr *)&address,
		    sizeof address) == 0)
			return fd;
		if (waitpid(server, NULL, WNOHANG) != 0) {
			server = 0;
			fprintf(stderr, "%s: the server is gone\n",
			    program_invocation_short_name);
			exit(1);
		}
		usleep(10000); /* it is still starting */
	}
	die(address.sun_path);
}

/* Numbers. */

int64_t
server_cpu_ns(void)
{
	return clock_ns(server_clock);
}

int
server_counter(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof attr,
		.config = PERF_COUNT_SW_TASK_CLOCK,
	};

	return (int)syscall(SYS_perf_event_open, &attr, server, -1, -1,
	    PERF_FLAG_FD_CLOEXEC);
}

int64_t
server_counted_ns(int counter)
{
	uint64_t ns;

	if (counter < 0 || read(counter, &ns, sizeof ns) != sizeof ns)
		return server_cpu_ns();
	return (int64_t)ns;
}

/* /proc/PID/NAME of the server; NULL when it is gone. */
static FILE *
open_proc(const char *name)
{
	char file[64];

	snprintf(file, sizeof file, "/proc/%d/%s", (int)server, name);
	return fopen(file, "r");
}

double
server_total_us(void)
{
	unsigned long user = 0, system = 0;
	FILE *f = open_proc("stat");
	const char *at = NULL;
	char line[1024];

	if (f != NULL && fgets(line, sizeof line, f) != NULL)
		at = strrchr(line, ')');
	if (at != NULL) /* the 16th and 17th: of children, in ticks */
		sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		    "%*u %*u %lu %lu", &user, &system);
	if (f != NULL)
		fclose(f);
	return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK) +
	    (double)server_cpu_ns() / 1e3;
}

double
server_bytes(void)
{
	return status_number(open_proc("status"), "VmRSS") * 1024;
}

double
server_wakes(void)
{
	return status_number(open_proc("status"), "voluntary_ctxt_switches");
}
