/*
 * service.c - evtaskd under a service manager.
 *
 * The protocols are three environment variables deep and written out here
 * rather than linked against, after sd_notify(3), sd_listen_fds(3) and
 * sd_watchdog_enabled(3):
 *
 *	NOTIFY_SOCKET	a datagram socket, a path or "@" and an abstract name
 *	WATCHDOG_USEC	how long we may be silent, if WATCHDOG_PID is ours
 *	LISTEN_FDS	how many descriptors from 3 on are ours, if LISTEN_PID
 *			is; LISTEN_FDNAMES names them, with ":" between
 *
 * Of several descriptors the one named "control" is the control socket; a
 * single one is it whatever its name. It has to be a listening Unix stream
 * socket: another one is refused at the start, not noticed at the first
 * client.
 */
#include <config.h>

#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LISTEN_FIRST 3
#define LISTEN_MAX 64
#define CONTROL_NAME "control"

static const char *const variables[] = {
	"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
	"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID",
};

static int EVTASK_PRINTF(3, 4)
refuse(int r, char **ret_why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(ret_why, fmt, ap) < 0)
		*ret_why = NULL;
	va_end(ap);
	return r;
}

/* A whole decimal number in a variable: 1 and it; 0, the variable is not
 * there; -EINVAL. */
static int
get_number(const char *name, int64_t *ret_n, char **ret_why)
{
	const char *text = getenv(name);
	char *end;
	long long n;

	if (text == NULL)
		return 0;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || n < 0)
		return refuse(-EINVAL, ret_why,
		    "$%s should be a number and is \"%s\"", name, text);
	*ret_n = n;
	return 1;
}

/* Whether the variable, where it is there, names this process. */
static int
is_for_us(const char *name, bool absent, char **ret_why)
{
	int64_t pid;
	int r = get_number(name, &pid, ret_why);

	return r < 0 ? r : r == 0 ? absent : pid == getpid();
}

static int
init_notify(struct service *service, char **ret_why)
{
	struct sockaddr_un *address = &service->notify_address;
	const char *path = getenv("NOTIFY_SOCKET");
	size_t size;

	if (path == NULL || *path == '\0')
		return 0;
	size = strlen(path);
	if ((path[0] != '/' && path[0] != '@') ||
	    size >= sizeof(address->sun_path))
		return refuse(-EINVAL, ret_why, "$NOTIFY_SOCKET should be an "
		    "absolute path or an abstract name and is \"%s\"", path);
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, size + 1);
	if (path[0] == '@')
		address->sun_path[0] = '\0';
	service->notify_address_size =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size +
	    (path[0] == '/'));
	service->notify_fd = socket(AF_UNIX,
	    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (service->notify_fd < 0)
		return refuse(-errno, ret_why, "no socket for $NOTIFY_SOCKET: "
		    "%s", strerror(errno));
	return 0;
}

static int
init_watchdog(struct service *service, char **ret_why)
{
	int r = is_for_us("WATCHDOG_PID", true, ret_why);

	if (r > 0)
		r = get_number("WATCHDOG_USEC", &service->watchdog_us, ret_why);
	return r < 0 ? r : 0;
}

/* The i-th name of $LISTEN_FDNAMES is "control". */
static bool
is_control(int i)
{
	const char *names = getenv("LISTEN_FDNAMES");

	for (; names != NULL && i > 0; i--) {
		names = strchr(names, ':');
		names = names != NULL ? names + 1 : NULL;
	}
	return names != NULL &&
	    strcspn(names, ":") == strlen(CONTROL_NAME) &&
	    strncmp(names, CONTROL_NAME, strlen(CONTROL_NAME)) == 0;
}

static bool
socket_option_is(int fd, int option, int expected)
{
	socklen_t size = sizeof(int);
	int value;

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 &&
	    value == expected;
}

/* A listening Unix stream socket, made ours: CLOEXEC and non-blocking. */
static int
take_listener(int fd, char **ret_why)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return refuse(-EINVAL, ret_why, "$LISTEN_FDS hands over "
		    "descriptor %d, which is not open", fd);
	if (!socket_option_is(fd, SO_DOMAIN, AF_UNIX) ||
	    !socket_option_is(fd, SO_TYPE, SOCK_STREAM) ||
	    !socket_option_is(fd, SO_ACCEPTCONN, 1))
		return refuse(-EINVAL, ret_why, "descriptor %d, handed over "
		    "by $LISTEN_FDS, is not a listening Unix stream socket: "
		    "the socket unit wants ListenStream= with a path", fd);
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return refuse(-errno, ret_why, "descriptor %d: %s", fd,
		    strerror(errno));
	return 0;
}

static int
init_listen(struct service *service, char **ret_why)
{
	int64_t n = 0;
	int i, which = -1, r;

	r = is_for_us("LISTEN_PID", false, ret_why);
	if (r > 0)
		r = get_number("LISTEN_FDS", &n, ret_why);
	if (r <= 0 || n == 0)
		return r < 0 ? r : 0;
	if (n > LISTEN_MAX)
		return refuse(-EINVAL, ret_why, "$LISTEN_FDS hands over %lld "
		    "descriptors and may hand over %d", (long long)n,
		    LISTEN_MAX);
	for (i = 0; i < n; i++) {
		(void)fcntl(LISTEN_FIRST + i, F_SETFD, FD_CLOEXEC);
		if (n == 1 || (which < 0 && is_control(i)))
			which = LISTEN_FIRST + i;
	}
	if (which < 0)
		return refuse(-EINVAL, ret_why, "none of the %lld sockets "
		    "handed over is named \"" CONTROL_NAME "\": the socket "
		    "unit wants FileDescriptorName=" CONTROL_NAME,
		    (long long)n);
	r = take_listener(which, ret_why);
	if (r == 0)
		service->listen_fd = which;
	return r;
}

int
service_init(struct service *service, char **ret_why)
{
	size_t i;
	int r;

	*service = (struct service){ .notify_fd = -1, .listen_fd = -1 };
	*ret_why = NULL;
	r = init_notify(service, ret_why);
	if (r == 0)
		r = init_watchdog(service, ret_why);
	if (r == 0)
		r = init_listen(service, ret_why);
	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	if (r < 0)
		service_release(service);
	return r;
}

void
service_release(struct service *service)
{
	if (service->notify_fd >= 0)
		close(service->notify_fd);
	service->notify_fd = -1;
}

int
service_notify(const struct service *service, const char *fmt, ...)
{
	char text[512];
	ssize_t n;
	va_list ap;
	int size;

	if (service->notify_fd < 0)
		return 0;
	va_start(ap, fmt);
	size = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (size < 0 || (size_t)size >= sizeof(text))
		return -EMSGSIZE;
	n = sendto(service->notify_fd, text, (size_t)size, MSG_NOSIGNAL,
	    (const struct sockaddr *)&service->notify_address,
	    service->notify_address_size);
	return n < 0 ? -errno : 0;
}
