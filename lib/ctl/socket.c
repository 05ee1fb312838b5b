/*
 * socket.c - where the control socket is, and connecting to it.
 *
 * The path is looked for in a fixed order, and the first source that says
 * anything decides: a path that is too long is an error, and never a reason
 * to look further, which would reach another daemon than the one meant.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(EVTASK_CTL_PATH_SIZE ==
    sizeof(((struct sockaddr_un *)NULL)->sun_path), "a socket's address");

/* A path and where it comes from, for the message. */
struct source {
	const char *name;
	const char *folder;
	const char *file;
};

static const char *
get_environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

static struct source
find_source(const char *option)
{
	const char *path = get_environment("EVTASK_SOCKET");
	const char *folder = get_environment("XDG_RUNTIME_DIR");

	if (option != NULL)
		return (struct source){ "--socket", option, "" };
	if (path != NULL)
		return (struct source){ "$EVTASK_SOCKET", path, "" };
	if (folder != NULL)
		return (struct source){ "$XDG_RUNTIME_DIR", folder,
			"/evtask/control.sock" };
	if (geteuid() == 0)
		return (struct source){ "the default of root", "/run",
			"/evtask/control.sock" };
	return (struct source){ NULL, "", "" };
}

static void
explain(int r, const struct source *source, char **ret_why)
{
	char why[256];

	if (ret_why == NULL)
		return;
	if (r == -ENOENT)
		snprintf(why, sizeof(why), "no socket is named: give "
		    "--socket, or set $EVTASK_SOCKET or $XDG_RUNTIME_DIR");
	else if (r == -EINVAL)
		snprintf(why, sizeof(why), "the socket's path from %s is "
		    "empty: give one, or leave it out", source->name);
	else
		snprintf(why, sizeof(why), "the socket's path from %s has %zu "
		    "bytes and may have %d: give a shorter one with --socket",
		    source->name,
		    strlen(source->folder) + strlen(source->file),
		    EVTASK_CTL_PATH_SIZE - 1);
	*ret_why = strdup(why);
}

int
evtask_ctl_socket_path(const char *option,
    char ret_path[EVTASK_CTL_PATH_SIZE], char **ret_why)
{
	struct source source = find_source(option);
	size_t folder = strlen(source.folder), file = strlen(source.file);
	int r = 0;

	if (source.name == NULL)
		r = -ENOENT;
	else if (folder == 0)
		r = -EINVAL;
	else if (folder + file >= EVTASK_CTL_PATH_SIZE)
		r = -ENAMETOOLONG;
	if (r < 0) {
		explain(r, &source, ret_why);
		return r;
	}
	memcpy(ret_path, source.folder, folder);
	memcpy(ret_path + folder, source.file, file + 1);
	return 0;
}

int
evtask_ctl_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t size = strlen(path);
	int fd, r;

	if (size >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, size + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address,
	    sizeof(address)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}
