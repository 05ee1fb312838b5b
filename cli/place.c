/*
 * place.c - the way to a server: by its socket, or by ssh to where that is.
 * What is in the way becomes a sentence here.
 */
#include "place.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <string.h>
#include <sys/stat.h>
#include "explain.h"
#include "ssh.h"

static int
explain_connect(char **ret_why, const char *path, int r)
{
	struct stat st;

	switch (r) {
	case -ENOENT:
		return explain(ret_why, r, "no server at %s; start one with "
		    "evtaskd, or name another with --socket", path);
	case -ECONNREFUSED:
		if (stat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
			return explain(ret_why, -ENOTSOCK, "%s is not a "
			    "socket; name the server's with --socket", path);
		return explain(ret_why, r, "the server of %s has gone; start "
		    "it again with evtaskd", path);
	case -EACCES:
	case -EPERM:
		return explain(ret_why, r, "no permission to use %s; run as "
		    "the server's user, or join its group", path);
	case -EAGAIN:
		return explain(ret_why, r, "the server at %s is too busy to "
		    "take another client; try again", path);
	case -ENOTSOCK:
	case -EPROTOTYPE:
		return explain(ret_why, r, "%s is not the socket of a "
		    "server; name another with --socket", path);
	default:
		return explain(ret_why, r, "cannot connect to %s: %s", path,
		    strerror(-r));
	}
}

int
place_connect(const char *socket, char **ret_why)
{
	char path[EVTASK_CTL_PATH_SIZE];
	int fd, r;

	*ret_why = NULL;
	r = evtask_ctl_socket_path(socket, path, ret_why);
	if (r < 0)
		return r;
	fd = evtask_ctl_connect(path);
	return fd < 0 ? explain_connect(ret_why, path, fd) : fd;
}

int
place_reach(const struct place *place, pid_t *ret_ssh, char **ret_why)
{
	*ret_why = NULL;
	*ret_ssh = 0;
	if (place->host != NULL)
		return ssh_open(place->host, place->socket, ret_ssh, ret_why);
	return place_connect(place->socket, ret_why);
}
