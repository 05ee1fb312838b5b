/*
 * address.c - owning a path that is a Unix socket.
 *
 * The path belongs to whoever holds a lock on the file beside it, PATH.lock.
 * Two servers that start at once cannot both get it, and it is free again the
 * moment its holder dies, however it dies; the socket itself stays behind
 * then, and is removed by the next holder after connect(2) has said that
 * nobody listens. The lock file is removed at the end, so who has locked it
 * must look whether it is still the one that has the name.
 *
 * A socket's permissions are set on its descriptor before bind(2) gives it a
 * name: there is no moment at which others can connect, and no umask(2), which
 * all threads of the program share, has to be changed.
 */
#include "address.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <evtask/ctl.h>

#define BACKLOG 128

int
address_fail(int r, char **ret_message, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (ret_message != NULL && vasprintf(ret_message, fmt, ap) < 0)
		*ret_message = NULL;
	va_end(ap);
	return r;
}

/* Makes the directory the path is in; what is above it must be there. */
static int
make_directory(const char *path, char **ret_message)
{
	char directory[EVTASK_CTL_PATH_SIZE];
	const char *slash = strrchr(path, '/');
	size_t size;

	if (slash == NULL || slash == path)
		return 0;
	size = (size_t)(slash - path);
	memcpy(directory, path, size);
	directory[size] = '\0';
	if (mkdir(directory, 0700) == 0 || errno == EEXIST)
		return 0;
	return address_fail(-errno, ret_message,
	    "cannot make the directory %s: %s; choose another socket",
	    directory, strerror(errno));
}

static char *
lock_name(const char *path)
{
	char *name;

	return asprintf(&name, "%s.lock", path) < 0 ? NULL : name;
}

static bool
is_named(int fd, const char *name)
{
	struct stat mine, named;

	return fstat(fd, &mine) == 0 && lstat(name, &named) == 0 &&
	    mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

/* The lock, or -errno: -EAGAIN, somebody has it. */
static int
take_lock(const char *name)
{
	int fd, r;

	for (;;) {
		fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
		    O_NONBLOCK, 0600);
		if (fd < 0)
			return -errno;
		r = flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
		if (r == 0 && is_named(fd, name))
			return fd;
		close(fd);
		if (r < 0)
			return r;
	}
}

static int
taken(const char *path, char **ret_message)
{
	return address_fail(-EADDRINUSE, ret_message,
	    "%s is served already; talk to that server, or choose another "
	    "socket", path);
}

/* Removes a socket that nobody serves; leaves anything else. */
static int
remove_stale(const char *path, char **ret_message)
{
	struct stat there;
	int fd;

	if (lstat(path, &there) < 0)
		return errno == ENOENT ? 0 : address_fail(-errno, ret_message,
		    "cannot look at %s: %s", path, strerror(errno));
	if (!S_ISSOCK(there.st_mode))
		return address_fail(-EEXIST, ret_message,
		    "%s is there and is no socket; remove it, or choose "
		    "another", path);
	fd = evtask_ctl_connect(path);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -EAGAIN)
		return taken(path, ret_message);
	if (fd != -ECONNREFUSED)
		return address_fail(fd, ret_message,
		    "cannot tell whether %s is served: %s", path,
		    strerror(-fd));
	if (unlink(path) < 0 && errno != ENOENT)
		return address_fail(-errno, ret_message,
		    "cannot remove the stale socket %s: %s", path,
		    strerror(errno));
	return 0;
}

int
address_lock(const char *path, char **ret_message)
{
	char *name;
	int fd, r;

	r = make_directory(path, ret_message);
	if (r < 0)
		return r;
	name = lock_name(path);
	if (name == NULL)
		return -ENOMEM;
	fd = take_lock(name);
	if (fd == -EAGAIN)
		r = taken(path, ret_message);
	else if (fd < 0)
		r = address_fail(fd, ret_message, "cannot lock %s: %s", name,
		    strerror(-fd));
	else
		r = remove_stale(path, ret_message);
	if (r < 0 && fd >= 0) {
		unlink(name);
		close(fd);
	}
	free(name);
	return r < 0 ? r : fd;
}

void
address_unlock(const char *path, int lock_fd)
{
	char *name = lock_name(path);

	if (name != NULL)
		unlink(name);
	free(name);
	close(lock_fd);
}

/* The group may connect, once it is let into the directory; or all may. */
static int
admit(const char *path, struct address_admits admits)
{
	if (admits.group != 0 && lchown(path, (uid_t)-1, admits.group) < 0)
		return -errno;
	if ((admits.group != 0 || admits.all) &&
	    chmod(path, admits.all ? 0666 : 0660) < 0)
		return -errno;
	return 0;
}

static int
bind_and_listen(int fd, const char *path, struct address_admits admits)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int r;

	memcpy(address.sun_path, path, strlen(path));
	if (fchmod(fd, 0600) < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	r = admit(path, admits);
	if (r == 0 && listen(fd, BACKLOG) < 0)
		r = -errno;
	if (r < 0)
		unlink(path);
	return r;
}

int
address_listen(const char *path, struct address_admits admits,
    char **ret_message)
{
	int r, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);

	r = fd < 0 ? -errno : bind_and_listen(fd, path, admits);
	if (r == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return address_fail(r, ret_message, "cannot listen on %s: %s", path,
	    strerror(-r));
}
