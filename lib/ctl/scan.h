/* scan.h - is this text JSON? */
#ifndef CTL_SCAN_H
#define CTL_SCAN_H

#include <stddef.h>

/* Where and why a text is not JSON. */
struct scan_fault {
	size_t offset;
	const char *expected; /* static */
	char got[16];         /* the byte there, or "the end" */
};

/* What a text that is JSON holds. */
struct scan {
	const char *value; /* the value, without the blanks round it */
	size_t size;
	size_t members;    /* named in all its objects, duplicates counted */
};

/* Returns 0 or -EINVAL and *ret_fault. No byte is read twice. */
int scan_json(const char *text, size_t size, struct scan *ret_scan,
    struct scan_fault *ret_fault);

#endif
