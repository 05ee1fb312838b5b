/*
 * service.h - evtaskd under a service manager: sd_notify(3), sockets handed
 * over, the watchdog. Without one, all of it does nothing.
 */
#ifndef DAEMON_SERVICE_H
#define DAEMON_SERVICE_H

#include <evtask/base.h>
#include <sys/socket.h>
#include <sys/un.h>

struct service {
	int notify_fd;			/* ours to close; -1: nobody to tell */
	struct sockaddr_un notify_address;
	socklen_t notify_address_size;
	int listen_fd;			/* handed over; -1: none. Who
					   listens on it owns it */
	int64_t watchdog_us;		/* to be pinged within; 0: none */
};

/*
 * Reads what the manager has set in the environment, and unsets it, so that
 * no child takes it for its own. Returns 0, or what is wrong in *ret_why (the
 * caller's to free(); NULL without memory): -EINVAL, the variables or the
 * descriptors are not what they should be; or a negative errno.
 */
EVTASK_CHECKED int service_init(struct service *service, char **ret_why);
void service_release(struct service *service);

/* Sends "READY=1\nSTATUS=..."; does not block. Returns 0 (also when there is
 * nobody to tell), or a negative errno. */
int service_notify(const struct service *service, const char *fmt, ...)
    EVTASK_PRINTF(2, 3);

#endif
