/*
 * advice.h - madvise(2) about many places at once.
 */
#ifndef CORO_ADVICE_H
#define CORO_ADVICE_H

#include <stddef.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23	/* Linux 5.14 */
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102	/* Linux 6.13 */
#endif

/* n places of size bytes, one each stride bytes. To how many the advice has
 * been given, from the first on: none, where the system takes one at a time. */
size_t advise_places(char *first, size_t stride, size_t size, size_t n,
    int advice);

#endif
