/*
 * ask.c - the clients of the rows about the control socket:
 *
 *	ask ROW N PROTOCOL COMMAND [ARGUMENT...]
 *
 * Starts the command as a server on the processor BENCH_CPU, which listens at
 * BENCH_SOCKET, and asks it from another processor. PROTOCOL is evtask or
 * redis: a request is bytes that are sent as they are, and an answer is a line,
 * so both cost the client the same. Prints "KEY VALUE" lines (measure.h).
 */
#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/listener.h"
#include "bench/measure.h"

enum {
	EVENTS = 256, TRIES = 1000,
	PIPELINE = 16,
	SAMPLES = 1 << 20,
	READ_SIZE = 1 << 16,
	PAGE = 1000,          /* tasks of a page of task.list */
	PAGES = 50,
};

static char directory[] = "/tmp/evtask-ask.XXXXXX";
static char path[sizeof directory + 8];
static pid_t server;
static clockid_t server_clock;
static const char *protocol;

/* Latencies of one measurement, in ns. */
static int64_t samples[SAMPLES];
static size_t n_samples;

static void
clean_up(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	unlink(path);
	if (chdir("/") == 0 && rmdir(directory) < 0) {
		char lock[sizeof path + 8];

		snprintf(lock, sizeof lock, "%s.lock", path);
		unlink(lock);
		rmdir(directory);
	}
}

_Noreturn static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t
now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static void
take_sample(int64_t ns)
{
	if (n_samples < SAMPLES)
		samples[n_samples++] = ns;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Of the samples, in us; they are then in order. */
static double
percentile(double p)
{
	qsort(samples, n_samples, sizeof samples[0], by_size);
	return n_samples == 0 ? 0
	    : (double)samples[(size_t)(p * (double)(n_samples - 1))] / 1e3;
}

/* The server. */

static void
pin(int cpu, bool other)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if ((i == cpu) != other)
			CPU_SET(i, &set);
	sched_setaffinity(0, sizeof set, &set); /* there may be only one */
}

static void
start_server(char **argv)
{
	const char *cpu = getenv("BENCH_CPU");
	struct rlimit files;

	if (mkdtemp(directory) == NULL)
		die(directory);
	snprintf(path, sizeof path, "%s/socket", directory);
	setenv("BENCH_SOCKET", path, 1);
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
		pin(atoi(cpu), true);
}

/* A number of /proc/PID/status. */
static double
server_status(const char *key)
{
	char name[64], line[256];
	size_t size = strlen(key);
	double value = 0;
	FILE *f;

	snprintf(name, sizeof name, "/proc/%d/status", (int)server);
	f = fopen(name, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, key, size) == 0 && line[size] == ':')
			value = strtod(line + size + 1, NULL);
	if (f != NULL)
		fclose(f);
	return value;
}

/* What the server and the children it has waited for have had of processors,
 * in us. */
static double
server_total(void)
{
	char name[64], line[1024];
	unsigned long user = 0, system = 0;
	const char *at = NULL;
	FILE *f;

	snprintf(name, sizeof name, "/proc/%d/stat", (int)server);
	f = fopen(name, "r");
	if (f != NULL && fgets(line, sizeof line, f) != NULL)
		at = strrchr(line, ')');
	if (at != NULL) /* the 16th and 17th: of children, in ticks */
		sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		    "%*u %*u %lu %lu", &user, &system);
	if (f != NULL)
		fclose(f);
	return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK) +
	    (double)clock_ns(server_clock) / 1e3;
}

static double
server_bytes(void)
{
	return server_status("VmRSS") * 1024;
}

static double
server_wakes(void)
{
	return server_status("voluntary_ctxt_switches");
}

static int
connect_one(void)
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
			fputs("ask: the server is gone\n", stderr);
			exit(1);
		}
		usleep(10000); /* it is still starting */
	}
	die(address.sun_path);
}

/* Bytes both ways. */

static void
send_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			die("write");
		bytes += n;
		size -= (size_t)n;
	}
}

/* How many lines came in one read. */
static int
read_lines(int fd)
{
	char buf[READ_SIZE], *at = buf, *end;
	ssize_t n = read(fd, buf, sizeof buf);
	int lines = 0;

	if (n <= 0)
		die("the server has closed");
	for (end = buf + n; (at = memchr(at, '\n',
	    (size_t)(end - at))) != NULL; at++)
		lines++;
	return lines;
}

/* One request of our protocol and the line that answers it. */
static void
ask_one(int fd, const char *method, const char *params)
{
	char line[512];
	int n = snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"method\":\"%s\",\"params\":%s}\n", method, params);

	send_all(fd, line, (size_t)n);
	while (read_lines(fd) == 0)
		;
}

/* Pings: a block of so many requests, and the next when all are answered. */

struct pinger {
	int fd;
	int missing; /* answers of its block */
	int64_t sent_ns;
};

static char block[PIPELINE * 64];
static size_t block_size;

static void
make_block(int pipeline)
{
	block_size = 0;
	for (int i = 0; i < pipeline; i++)
		block_size += (size_t)snprintf(block + block_size,
		    sizeof block - block_size, strcmp(protocol, "redis") == 0
		    ? "*1\r\n$4\r\nPING\r\n" : "{\"jsonrpc\":\"2.0\",\"id\":%d,"
		    "\"method\":\"rpc.ping\"}\n", i);
}

static void
send_block(struct pinger *p, int pipeline)
{
	p->missing = pipeline;
	p->sent_ns = now_ns();
	send_all(p->fd, block, block_size);
}

/* Answers in so long, of all of them. */
static long
ping(struct pinger *pingers, int n, int pipeline, int64_t ns)
{
	int64_t until = now_ns() + ns, now = 0;
	struct epoll_event events[EVENTS];
	int epoll = epoll_create1(EPOLL_CLOEXEC), under_way = n;
	long answers = 0;

	n_samples = 0;
	for (int i = 0; i < n; i++) {
		events[0] = (struct epoll_event){ .events = EPOLLIN,
			.data.ptr = &pingers[i] };
		epoll_ctl(epoll, EPOLL_CTL_ADD, pingers[i].fd, &events[0]);
		send_block(&pingers[i], pipeline);
	}
	while (under_way > 0) {
		int ready = n == 1 ? 1 : epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < ready; i++) {
			struct pinger *p = n == 1 ? pingers
			    : events[i].data.ptr;
			int lines = read_lines(p->fd);

			answers += lines;
			p->missing -= lines;
			if (p->missing > 0)
				continue;
			now = now_ns();
			take_sample(now - p->sent_ns);
			if (now < until)
				send_block(p, pipeline);
			else
				under_way--;
		}
	}
	close(epoll);
	return answers;
}

static struct pinger *
make_pingers(int n)
{
	struct pinger *pingers = calloc((size_t)n, sizeof *pingers);

	for (int i = 0; i < n; i++)
		pingers[i].fd = connect_one();
	return pingers;
}

static void
measure_pings(int n, int pipeline)
{
	struct pinger *pingers = make_pingers(n);
	int64_t began, spent;
	long answers;

	make_block(pipeline);
	ping(pingers, n, pipeline, measure_ns() / 4); /* warm */
	spent = clock_ns(server_clock);
	began = now_ns();
	answers = ping(pingers, n, pipeline, 2 * measure_ns());
	report("rate", (double)answers * 1e6 / (double)(now_ns() - began));
	report("cpu", (double)(clock_ns(server_clock) - spent) /
	    (double)answers);
	report("p50", percentile(0.50));
	report("p99", percentile(0.99));
}

static void
row_ping(long n)
{
	measure_pings((int)n, 1);
}

static void
row_pipeline(long n)
{
	measure_pings(1, (int)n < PIPELINE ? (int)n : PIPELINE);
}

/* Tasks: create and result of each in one write; the answer of the result
 * makes place for the next. */

#define WINDOW_MAX 256

static struct {
	int64_t sent_ns;
	long number;
} window[WINDOW_MAX];

static size_t
write_task(char *out, size_t size, long number, const char *params)
{
	return (size_t)snprintf(out, size, "{\"jsonrpc\":\"2.0\",\"id\":%ld,"
	    "\"method\":\"task.create\",\"params\":{%s,\"name\":\"b%ld\"}}\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"method\":\"task.result\","
	    "\"params\":{\"task\":\"b%ld\",\"wait\":true}}\n",
	    2 * number, params, number, 2 * number + 1, number);
}

/* What stands before the id in every reply. */
#define REPLY "{\"jsonrpc\":\"2.0\",\"id\":"

struct tasks {
	int fd;
	long next, done, failed;
	int64_t until;
	const char *params;
	char out[WINDOW_MAX * 320];
	size_t out_size;
	char in[2 * READ_SIZE];
	size_t in_size;
};

static void
start_task(struct tasks *t)
{
	long slot = t->next % WINDOW_MAX;

	window[slot].sent_ns = now_ns();
	window[slot].number = t->next;
	t->out_size += write_task(t->out + t->out_size,
	    sizeof t->out - t->out_size, t->next++, t->params);
}

/* The answer of a result, which has an odd id, ends a task. */
static bool
take_task(struct tasks *t, const char *line, size_t size)
{
	long id = atol(line + sizeof REPLY - 1);

	if (memmem(line, size, "\"error\":{\"code\"", 15) != NULL)
		t->failed++;
	if (id % 2 == 0)
		return false;
	take_sample(now_ns() - window[id / 2 % WINDOW_MAX].sent_ns);
	t->done++;
	return true;
}

/* Reads, and starts as many tasks as have ended. */
static int
turn_tasks(struct tasks *t)
{
	char *at = t->in, *lf;
	int ended = 0;
	ssize_t n = read(t->fd, t->in + t->in_size, sizeof t->in - t->in_size);

	if (n <= 0)
		die("the server has closed");
	t->in_size += (size_t)n;
	while ((lf = memchr(at, '\n', t->in_size - (size_t)(at - t->in))) !=
	    NULL) {
		ended += take_task(t, at, (size_t)(lf - at));
		at = lf + 1;
	}
	t->in_size -= (size_t)(at - t->in);
	memmove(t->in, at, t->in_size);
	return ended;
}

static void
run_tasks(struct tasks *t, long at_once, int64_t ns)
{
	long under_way = at_once;

	t->until = now_ns() + ns;
	t->done = t->failed = 0;
	n_samples = 0;
	while (at_once-- > 0)
		start_task(t);
	while (under_way > 0) {
		send_all(t->fd, t->out, t->out_size);
		t->out_size = 0;
		for (int ended = turn_tasks(t); ended > 0; ended--) {
			if (now_ns() < t->until)
				start_task(t);
			else
				under_way--;
		}
	}
}

static void
measure_tasks(long at_once, const char *params)
{
	static struct tasks t;
	int64_t began, spent;
	double total;

	t.fd = connect_one();
	t.params = params;
	run_tasks(&t, at_once, measure_ns() / 4); /* warm */
	total = server_total();
	spent = clock_ns(server_clock);
	began = now_ns();
	run_tasks(&t, at_once, 5 * measure_ns());
	if (t.failed > 0)
		fprintf(stderr, "ask: %ld of %ld failed\n", t.failed, t.done);
	report(t.failed > 0 ? "failed" : "rate",
	    (double)t.done * 1e9 / (double)(now_ns() - began));
	report("cpu", (double)(clock_ns(server_clock) - spent) / 1e3 /
	    (double)t.done);
	report("total", (server_total() - total) / (double)t.done);
	report("p50", percentile(0.50));
	report("p99", percentile(0.99));
}

static void
row_tasks(long n)
{
	measure_tasks(n < WINDOW_MAX ? n : WINDOW_MAX,
	    "\"coroutine\":\"sleep\",\"args\":{\"delay\":0}");
}

static const char run_true[] =
    "\"coroutine\":\"exec\",\"args\":{\"argv\":[\"/bin/true\"]}";

static void
row_exec(long n)
{
	measure_tasks(n < WINDOW_MAX ? n : WINDOW_MAX, run_true);
}

/* One command at a time, with pauses in which the server sleeps. */
static void
row_exec_idle(long n)
{
	static struct tasks t;

	t.fd = connect_one();
	t.params = run_true;
	n_samples = 0;
	for (long i = 0; i < n; i++) {
		usleep(10000);
		start_task(&t);
		send_all(t.fd, t.out, t.out_size);
		t.out_size = 0;
		while (turn_tasks(&t) == 0)
			;
	}
	report("p50", percentile(0.50));
	report("p99", percentile(0.99));
}

/* How often it wakes while N seconds pass in which nobody asks; after some work,
 * so that what work leaves behind is seen. */
static void
row_quiet(long n)
{
	int fd = connect_one();
	double wakes;

	ask_one(fd, "task.create", "{\"coroutine\":\"exec\",\"args\":"
	    "{\"argv\":[\"/bin/true\"]},\"wait\":true}");
	usleep(2000000);
	wakes = server_wakes();
	usleep((useconds_t)n * 1000000);
	report("wakes", server_wakes() - wakes);
	close(fd);
}

/* So many clients that say nothing, beside one that pings. */
static void
row_idle(long n)
{
	struct pinger *pinger = make_pingers(1);
	double bytes, alone;

	make_block(1);
	ping(pinger, 1, 1, measure_ns());
	alone = percentile(0.99);
	bytes = server_bytes();
	for (long i = 0; i < n; i++) {
		int fd = connect_one();

		/* Each has been served once. */
		send_all(fd, block, block_size);
		if (read_lines(fd) != 1)
			die("refused");
	}
	report("bytes", (server_bytes() - bytes) / (double)n);
	ping(pinger, 1, 1, measure_ns());
	report("p99", percentile(0.99) / alone);
}

/*
 * The processor time of the server's main thread, to the nanosecond: the clock
 * of another process is as old as the last tick. Where the system does not let
 * us count, that clock has to do.
 */
static int
open_server_counter(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof attr,
		.config = PERF_COUNT_SW_TASK_CLOCK,
	};

	return (int)syscall(SYS_perf_event_open, &attr, server, -1, -1,
	    PERF_FLAG_FD_CLOEXEC);
}

static int64_t
server_ns(int counter)
{
	uint64_t ns;

	if (counter < 0 || read(counter, &ns, sizeof ns) != sizeof ns)
		return clock_ns(server_clock);
	return (int64_t)ns;
}

/*
 * Pings from another process, until it is told to stop: median, 99 of 100, and
 * the worst, of what the server did between a question and its answer. That is
 * the server's time, and not the clock's: what else the machine does meanwhile
 * is not in it.
 */
static int
start_bystander(pid_t *ret_pid)
{
	int ends[2];

	if (pipe(ends) < 0)
		die("pipe");
	*ret_pid = fork();
	if (*ret_pid != 0) {
		close(ends[1]);
		return ends[0];
	}
	int counter = open_server_counter(), fd = connect_one();
	struct pollfd parent = { .fd = ends[0] };
	double result[3];

	server = 0; /* not this process's to end */
	make_block(1);
	while (getppid() != 1 && poll(&parent, 1, 0) == 0) {
		int64_t began = server_ns(counter);

		send_all(fd, block, block_size);
		read_lines(fd);
		take_sample(server_ns(counter) - began);
		if (access(getenv("BENCH_STOP"), F_OK) == 0)
			break;
		usleep(500);
	}
	result[0] = percentile(0.50);
	result[1] = percentile(0.99);
	result[2] = percentile(1.00);
	if (write(ends[1], result, sizeof result) != sizeof result)
		_exit(1);
	_exit(0);
}

static void
stop_bystander(int fd, pid_t pid, double result[3])
{
	FILE *stop = fopen(getenv("BENCH_STOP"), "w");

	fclose(stop);
	if (read(fd, result, 3 * sizeof result[0]) != 3 * sizeof result[0])
		die("bystander");
	waitpid(pid, NULL, 0);
	unlink(getenv("BENCH_STOP"));
	close(fd);
}

static void
set_stop(void)
{
	char stop[sizeof path + 8];

	snprintf(stop, sizeof stop, "%s.stop", path);
	setenv("BENCH_STOP", stop, 1);
}

/* So many tasks that sleep. */
static void
fill(int fd, long n)
{
	char *block_of_tasks = malloc(1 << 20);
	pid_t pid;

	for (long made = 0; made < n;) {
		size_t size = 0;
		int lines = 0;

		for (; lines < 1000 && made < n; lines++, made++)
			size += (size_t)sprintf(block_of_tasks + size,
			    "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":"
			    "\"task.create\",\"params\":{\"coroutine\":"
			    "\"sleep\",\"args\":{\"delay\":\"1h\"}}}\n",
			    lines);
		/* In a process of its own: neither side waits for the other. */
		pid = fork();
		if (pid == 0) {
			server = 0;
			send_all(fd, block_of_tasks, size);
			_exit(0);
		}
		while (lines > 0)
			lines -= read_lines(fd);
		waitpid(pid, NULL, 0);
	}
	free(block_of_tasks);
}

/* What somebody waits who asks all the while, with so many tasks there; and in
 * the beginning, when nobody else asks. The answer is the longest wait that
 * the others make it longer by, in ms. */
static double
hold_ms(int fd, void (*others)(int fd))
{
	double before[3], result[3];
	int bystander;
	pid_t pid;

	set_stop();
	bystander = start_bystander(&pid);
	usleep((useconds_t)(measure_ns() / 1000));
	stop_bystander(bystander, pid, before);
	bystander = start_bystander(&pid);
	others(fd);
	stop_bystander(bystander, pid, result);
	return (result[2] - before[0]) / 1e3;
}

static void
ask_for_pages(int fd)
{
	int64_t began = clock_ns(server_clock);
	char params[32];

	for (int i = 0; i < PAGES; i++) {
		snprintf(params, sizeof params, "{\"limit\":%d}", PAGE);
		ask_one(fd, "task.list", params);
	}
	report("page", (double)(clock_ns(server_clock) - began) / 1e6 / PAGES);
}

/* Tasks listed page by page; meanwhile others ask. */
static void
row_list(long n)
{
	int fd = connect_one();

	fill(fd, n);
	report("hold", hold_ms(fd, ask_for_pages));
}

static void
ask_for_stacks(int fd)
{
	int64_t began = now_ns();

	ask_one(fd, "task.stacks", "{}");
	report("took", (double)(now_ns() - began) / 1e9);
}

/* The stacks of all of them, folded. */
static void
row_stacks(long n)
{
	int fd = connect_one();

	fill(fd, n);
	ask_one(fd, "task.stacks", "{}");	/* the symbols are read */
	report("hold", hold_ms(fd, ask_for_stacks));
}

/* A million events while N subscribers listen, of whom half never read: what
 * each costs in memory, and what others notice. */
static void
row_storm(long n)
{
	static struct tasks t;
	static const char open[] = "{\"types\":[\"task.created\","
	    "\"task.started\",\"task.done\",\"task.forgotten\"]}";
	struct pollfd *polls = calloc((size_t)n, sizeof *polls);
	double bytes, quiet[3], result[3];
	int bystander, *fds = calloc((size_t)n, sizeof *fds);
	pid_t pid, reader;
	long tasks = 0;

	set_stop();
	t.fd = connect_one();
	t.params = "\"coroutine\":\"sleep\",\"args\":{\"delay\":0}";
	/* Warm, and without listeners. */
	bystander = start_bystander(&pid);
	for (; tasks < 50000; tasks += t.done)
		run_tasks(&t, 64, measure_ns());
	stop_bystander(bystander, pid, quiet);
	for (long i = 0; i < n; i++) {
		fds[i] = connect_one();
		ask_one(fds[i], "sub.open", open);
		polls[i] = (struct pollfd){ .fd = i % 2 == 0 ? fds[i] : -1,
			.events = POLLIN };
	}
	reader = fork();
	if (reader == 0) {
		server = 0;
		while (poll(polls, (nfds_t)n, -1) > 0)
			for (long i = 0; i < n; i++)
				if (polls[i].revents & POLLIN)
					read_lines(fds[i]);
	}
	bytes = server_bytes();
	bystander = start_bystander(&pid);
	for (tasks = 0; tasks < 250000; tasks += t.done)
		run_tasks(&t, 64, measure_ns());
	stop_bystander(bystander, pid, result);
	report("bytes", (server_bytes() - bytes) / (double)n);
	report("p99", result[1] / quiet[1]);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
}

static const struct measure_row rows[] = {
	{ "ping", row_ping }, { "pipeline", row_pipeline },
	{ "tasks", row_tasks }, { "exec", row_exec },
	{ "exec_idle", row_exec_idle }, { "quiet", row_quiet }, { "idle", row_idle },
	{ "list", row_list }, { "stacks", row_stacks },
	{ "storm", row_storm },
};

int
main(int argc, char **argv)
{
	if (argc < 5) {
		fputs("usage: ask ROW N PROTOCOL COMMAND [ARGUMENT...]\n",
		    stderr);
		return 1;
	}
	protocol = argv[3];
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].name, argv[1]) != 0)
			continue;
		start_server(argv + 4);
		rows[i].run(atol(argv[2]));
		return 0;
	}
	fprintf(stderr, "ask: no row %s\n", argv[1]);
	return 1;
}
