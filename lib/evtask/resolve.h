/*
 * resolve.h - names to addresses, without stopping the loop.
 */
#ifndef EVTASK_RESOLVE_H
#define EVTASK_RESOLVE_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

struct addrinfo;

/*
 * getaddrinfo(3) in a thread of the loop's pool; numbers are answered at once.
 * host, service and hints may be NULL, as there, and are copied. The caller
 * frees *ret_addresses with freeaddrinfo(3). Returns 0; -ENOENT (no such name,
 * or no address of the kind), -EAGAIN (the name server does not answer now),
 * -EIO (it answers that it cannot), -EINVAL (hints or service make no sense;
 * not in a task), -ENOMEM, or what the system says. -ECANCELED comes at once:
 * a look-up under way ends unseen, in its thread.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_getaddrinfo_at(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret_addresses,
    const struct evtask_site *site);
#define evtask_getaddrinfo(host, service, hints, ret_addresses) \
	evtask_getaddrinfo_at((host), (service), (hints), (ret_addresses), \
	    EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
