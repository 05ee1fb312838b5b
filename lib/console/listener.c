/*
 * listener.c - the console's socket: who may connect, and how many.
 *
 * The socket is made here (address.c), or was handed over by who started the
 * program, and then its path is not ours to remove. A peer is known by what
 * the kernel says of it: user, process, groups. The server's own user and root
 * are admins, the operators' group is what it says, and anybody else who gets
 * through the socket's permissions may look. A second socket may be there for
 * those who only look: it lets in everybody who can reach its path, and through
 * it nobody is more than a viewer, so that a monitor need not be trusted.
 *
 * Without a descriptor for a connection it stays in the backlog, and the
 * listener pauses: the event would come again at once, for ever.
 */
#include "listener.h"
#include <errno.h>
#include <event2/event.h>
#include <evtask/handle.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "address.h"
#include "console.h"

#define ACCEPTS_PER_TURN 16
#define GROUPS_MAX 256

static bool
is_group_member(int fd, const struct ucred *peer, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	socklen_t size = sizeof(groups), i;

	if (group == 0)
		return false;
	if (peer->gid == group)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
		return false;
	for (i = 0; i < size / sizeof(groups[0]); i++)
		if (groups[i] == group)
			return true;
	return false;
}

static enum evtask_ctl_role
role_of(const struct listener *listener, int fd, const struct ucred *peer)
{
	if (listener->most == EVTASK_CTL_VIEWER)
		return EVTASK_CTL_VIEWER;
	if (peer->uid == 0 || peer->uid == geteuid())
		return EVTASK_CTL_ADMIN;
	if (is_group_member(fd, peer, listener->operators))
		return EVTASK_CTL_OPERATOR;
	return EVTASK_CTL_VIEWER;
}

static size_t
connections_of(const struct sessions *sessions, uid_t uid)
{
	const struct session *session;
	size_t n = 0;

	TAILQ_FOREACH(session, &sessions->list, link)
		n += session->client.uid == uid;
	return n;
}

/* Which limit one connection more would break; 0: none. */
static size_t
limit_of(const struct listener *listener, const struct ucred *peer)
{
	const struct sessions *sessions = &listener->console->sessions;

	if (sessions->count >= listener->connections)
		return listener->connections;
	if (peer->uid != 0 && peer->uid != geteuid() &&
	    connections_of(sessions, peer->uid) >=
	    LISTENER_CONNECTIONS_PER_UID)
		return LISTENER_CONNECTIONS_PER_UID;
	return 0;
}

/* Says why, if the peer can be told at once, and hangs up. */
static void
refuse(int fd, size_t limit)
{
	struct json_object *members = json_object_new_object(), *reply;
	char *line;
	size_t size;

	evtask_ctl_put_int(&members, "limit", (int64_t)limit);
	evtask_ctl_put_text(&members, "what", "connections");
	reply = evtask_ctl_error_reply(NULL, members == NULL ? NULL
	    : evtask_ctl_error_new("LimitExceeded", members));
	if (reply != NULL && evtask_ctl_encode(reply, &line, &size) == 0) {
		send(fd, line, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		free(line);
	}
	json_object_put(reply);
	close(fd);
}

void
listener_admit(struct listener *listener, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	struct client client = {0};
	size_t limit;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
		close(fd);
		return;
	}
	limit = limit_of(listener, &peer);
	if (limit > 0) {
		listener->console->metrics.refused++;
		refuse(fd, limit);
		return;
	}
	client.uid = peer.uid;
	client.pid = peer.pid;
	if (session_new(listener->console, fd, role_of(listener, fd, &peer),
	    client) < 0)
		close(fd);
}

static void
end_pause(struct listener *listener)
{
	if (listener->pause == NULL)
		return;
	evtask_handle_cancel(listener->pause);
	evtask_handle_unref(listener->pause);
	listener->pause = NULL;
}

static void pause_accepting(struct listener *listener);

void
listener_resume(struct listener *listener)
{
	if (listener->pause == NULL)
		return;
	end_pause(listener);
	if (event_add(listener->event, NULL) < 0)
		pause_accepting(listener);
}

static void
on_pause_end(void *arg)
{
	listener_resume(arg);
}

/* Without memory for the timer it goes on, at the price of a busy turn. */
static void
pause_accepting(struct listener *listener)
{
	if (evtask_call_later(listener->console->loop, LISTENER_PAUSE_US,
	    on_pause_end, listener, &listener->pause) == 0)
		event_del(listener->event);
}

static void
on_connection(evutil_socket_t fd, short what, void *arg)
{
	struct listener *listener = arg;
	int n, peer;

	for (n = 0; n < ACCEPTS_PER_TURN; n++) {
		peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (peer >= 0) {
			listener_admit(listener, peer);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_accepting(listener);
		if (errno != EINTR && errno != ECONNABORTED)
			return;
	}
}

/* A socket that was handed over: ours to close, and not to remove. */
static int
take_over(struct listener *listener, int fd, char **ret_message)
{
	int listening = 0, flags = fcntl(fd, F_GETFL);
	socklen_t size = sizeof(listening);

	if (flags < 0 || getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening,
	    &size) < 0 || !listening)
		return address_fail(-EINVAL, ret_message,
		    "descriptor %d is no listening socket", fd);
	if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	listener->fd = fd;
	return 0;
}

/* The path that clients are told when nobody has said it. */
static void
ask_path(struct listener *listener)
{
	struct sockaddr_un address = {0};
	socklen_t size = sizeof(address);

	if (getsockname(listener->fd, (struct sockaddr *)&address, &size) == 0)
		memcpy(listener->path, address.sun_path,
		    sizeof(listener->path) - 1);
}

static int
make_socket(struct listener *listener, char **ret_message)
{
	bool all = listener->most == EVTASK_CTL_VIEWER;
	struct address_admits admits = { .all = all,
	    .group = all ? 0 : listener->operators };
	struct stat made;
	int r;

	r = address_lock(listener->path, ret_message);
	if (r < 0)
		return r;
	listener->lock_fd = r;
	r = address_listen(listener->path, admits, ret_message);
	if (r < 0)
		return r;
	listener->fd = r;
	if (lstat(listener->path, &made) < 0)
		return -errno;
	listener->device = made.st_dev;
	listener->inode = made.st_ino;
	return 0;
}

static int
find_socket(struct listener *listener,
    const struct evtask_console_options *options, char **ret_message)
{
	int r;

	if (listener->most == EVTASK_CTL_VIEWER) {
		r = evtask_ctl_socket_path(options->viewer_path,
		    listener->path, ret_message);
		return r < 0 ? r : make_socket(listener, ret_message);
	}

	if (options->listen_fd > 0 && options->socket_path == NULL) {
		r = take_over(listener, options->listen_fd, ret_message);
		if (r == 0)
			ask_path(listener);
		return r;
	}
	r = evtask_ctl_socket_path(options->socket_path, listener->path,
	    ret_message);
	if (r < 0)
		return r;
	return options->listen_fd > 0
	    ? take_over(listener, options->listen_fd, ret_message)
	    : make_socket(listener, ret_message);
}

int
listener_open(struct listener *listener, struct evtask_console *console,
    const struct evtask_console_options *options, enum evtask_ctl_role most,
    char **ret_message)
{
	int r;

	*listener = (struct listener){ .console = console, .fd = -1,
	    .most = most,
	    .lock_fd = -1, .operators = options->operator_gid,
	    .connections = options->connections > 0 ? options->connections
	    : LISTENER_CONNECTIONS_MAX };
	if (most == EVTASK_CTL_VIEWER ? options->viewer_path == NULL
	    : options->no_socket)
		return 0;
	r = find_socket(listener, options, ret_message);
	if (r == 0) {
		listener->event = event_new(console->base, listener->fd,
		    EV_READ | EV_PERSIST, on_connection, listener);
		if (listener->event == NULL ||
		    event_add(listener->event, NULL) < 0)
			r = -ENOMEM;
	}
	if (r < 0)
		listener_close(listener);
	return r;
}

static bool
is_ours(const struct listener *listener)
{
	struct stat there;

	return lstat(listener->path, &there) == 0 &&
	    there.st_dev == listener->device &&
	    there.st_ino == listener->inode;
}

void
listener_close(struct listener *listener)
{
	end_pause(listener);
	if (listener->event != NULL)
		event_free(listener->event);
	listener->event = NULL;
	if (listener->lock_fd >= 0) {
		if (listener->fd >= 0 && is_ours(listener))
			unlink(listener->path);
		address_unlock(listener->path, listener->lock_fd);
	}
	if (listener->fd >= 0)
		close(listener->fd);
	listener->fd = listener->lock_fd = -1;
}
