/* address.h - owning a path that is a Unix socket. */
#ifndef CONSOLE_ADDRESS_H
#define CONSOLE_ADDRESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Takes path for this process: makes its directory, locks it, and removes a
 * socket there that nobody serves. Returns the lock, to be held as long as
 * the path is used; or -errno and *ret_message, as listener_open().
 */
int address_lock(const char *path, char **ret_message);
/* Gives it up. */
void address_unlock(const char *path, int lock_fd);

/* Who can connect, beside the owner. */
struct address_admits {
	gid_t group;  /* its members; 0: nobody */
	bool all;     /* everybody who can reach the path */
};

/*
 * A listening socket at a path that is locked; nobody else than admitted can
 * connect at any moment. Returns it, or -errno.
 */
int address_listen(const char *path, struct address_admits admits,
    char **ret_message);

/* Says why, for people. Returns r. */
int address_fail(int r, char **ret_message, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

#endif
