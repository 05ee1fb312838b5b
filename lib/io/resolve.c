/*
 * resolve.c - names to addresses: getaddrinfo(3) in a thread.
 *
 * A look-up may take half a minute and cannot be stopped, so it belongs to a
 * task of its own, which inspection does not show. Who asked waits for that
 * task's word and may leave before: then the answer goes to nobody.
 *
 *	asker --starts--> lookup --thread--> answered (if the asker is there)
 */
#include <evtask/resolve.h>

#include <errno.h>
#include <evtask/thread.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "core/task.h"

/* On the stack of the task that asked. */
struct asker {
	struct evtask_future answered;
	int answer;			/* EAI_..., or a negative errno of ours:
					   see from_ours() */
	struct addrinfo *addresses;	/* it owns them */
};

struct lookup {
	struct asker *asker;		/* NULL: has left */
	struct addrinfo hints, *addresses;
	int answer;
	const struct evtask_site *site;
	const char *host, *service;	/* NULL, or in text[] */
	char text[];
};

/* Errors. */

static const struct {
	int of_resolver, ours;
} codes[] = {
	{ 0, 0 },
	{ EAI_NONAME, -ENOENT },
	{ EAI_NODATA, -ENOENT },
	{ EAI_ADDRFAMILY, -ENOENT },
	{ EAI_AGAIN, -EAGAIN },
	{ EAI_FAIL, -EIO },
	{ EAI_MEMORY, -ENOMEM },
	{ EAI_BADFLAGS, -EINVAL },
	{ EAI_FAMILY, -EINVAL },
	{ EAI_SOCKTYPE, -EINVAL },
	{ EAI_SERVICE, -EINVAL },
};

static int
to_errno(int answer)
{
	if (answer == EAI_SYSTEM)
		return errno != 0 ? -errno : -EIO;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].of_resolver == answer)
			return codes[i].ours;
	return -EIO;
}

static int
raise_answer(const struct evtask_site *site, const char *host,
    const char *service, int r)
{
	const char *why = r == -ENOENT ? "no such host" :
	    r == -EAGAIN ? "the name server does not answer" :
	    r == -EIO ? "the name server failed" : strerrordesc_np(-r);

	return evtask_raise_at(site, r, NULL, "cannot find the address of "
	    "%s: %s", host != NULL ? host : service != NULL ? service : "?",
	    why != NULL ? why : "unknown error");
}

/* The look-up. */

static int
look_up(void *arg)
{
	struct lookup *q = arg;

	errno = 0;
	q->answer = to_errno(getaddrinfo(q->host, q->service, &q->hints,
	    &q->addresses));
	return 0;
}

static int
lookup_task(void *arg)
{
	struct lookup *q = arg;

	return evtask_to_thread_at(look_up, q, NULL, q->site);
}

/* The task has ended, or never began: hands over what there is. */
static void
lookup_free(void *arg)
{
	struct lookup *q = arg;

	if (q->asker != NULL) {
		q->asker->answer = q->answer;
		q->asker->addresses = q->addresses;
		q->addresses = NULL;
		future_settle(&q->asker->answered);
	}
	if (q->addresses != NULL)
		freeaddrinfo(q->addresses);
	free(q);
}

static struct lookup *
lookup_new(const char *host, const char *service,
    const struct addrinfo *hints, const struct evtask_site *site)
{
	size_t host_size = host != NULL ? strlen(host) + 1 : 0;
	size_t service_size = service != NULL ? strlen(service) + 1 : 0;
	struct lookup *q = calloc(1, sizeof *q + host_size + service_size);

	if (q == NULL)
		return NULL;
	if (host != NULL)
		q->host = memcpy(q->text, host, host_size);
	if (service != NULL)
		q->service = memcpy(q->text + host_size, service,
		    service_size);
	q->hints.ai_family = AF_UNSPEC;
	if (hints != NULL) {
		q->hints.ai_flags = hints->ai_flags;
		q->hints.ai_family = hints->ai_family;
		q->hints.ai_socktype = hints->ai_socktype;
		q->hints.ai_protocol = hints->ai_protocol;
	}
	q->answer = -ECANCELED;		/* if no thread gets to it */
	q->site = site;
	return q;
}

/* Starts the task and waits for its word. */
static int
ask(struct lookup *q, struct asker *asker, struct wait *wait)
{
	struct evtask_options options = {
		.name = "getaddrinfo", .internal = true,
		.arg_free = lookup_free,
	};
	union evtask_awaitable lookup;
	struct evtask *task;
	int r, ended;

	r = evtask_create_at(lookup_task, q, &options, &task, wait->site);
	if (r < 0) {
		lookup_free(q);
		return r;
	}
	q->asker = asker;
	lookup.task = task;
	r = task_park(&asker->answered, wait);
	if (!evtask_done(lookup)) {
		q->asker = NULL;
		evtask_cancel_at(lookup, NULL, wait->site);
	} else {
		ended = evtask_result_at(lookup, NULL, wait->site);
		if (ended < 0)	/* it had no stack, or no thread */
			asker->answer = ended;
	}
	evtask_unref(task);
	return r;
}

/* Numbers need no look-up, and their names no thread. */
static bool
answer_numbers(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret_addresses)
{
	struct addrinfo numeric = { .ai_family = AF_UNSPEC };

	if (hints != NULL)
		numeric = *hints;
	if (host != NULL)
		numeric.ai_flags |= AI_NUMERICHOST;
	if (service != NULL)
		numeric.ai_flags |= AI_NUMERICSERV;
	return getaddrinfo(host, service, &numeric, ret_addresses) == 0;
}

int
evtask_getaddrinfo_at(const char *host, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret_addresses,
    const struct evtask_site *site)
{
	struct wait wait = {
		.op = "getaddrinfo", .type = "name",
		.name = host != NULL ? host : service, .site = site,
		.until_us = EVTASK_FOREVER,
	};
	struct asker asker = { .answer = -ECANCELED };
	struct lookup *q;
	int r;

	if (current.task == NULL || ret_addresses == NULL ||
	    (host == NULL && service == NULL))
		return -EINVAL;
	if (answer_numbers(host, service, hints, ret_addresses))
		return 0;
	q = lookup_new(host, service, hints, site);
	if (q == NULL)
		return -ENOMEM;
	future_init(&asker.answered, current.loop, &future_plain);
	r = ask(q, &asker, &wait);
	future_release(&asker.answered);
	if (r == 0 && asker.answer < 0)
		r = raise_answer(site, host, service, asker.answer);
	if (r == 0)
		*ret_addresses = asker.addresses;
	else if (asker.addresses != NULL)
		freeaddrinfo(asker.addresses);
	return r;
}
