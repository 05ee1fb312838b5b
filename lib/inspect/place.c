/*
 * place.c - what an address of this process is, found without the dynamic
 * linker, a lock or an allocation, all of which a stuck thread may hold.
 *
 * The system knows what is mapped where (/proc/self/maps); the file that is
 * mapped there is read from front to back, once for each question.
 */
#include <evtask/inspect_stack.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspect/image.h"

enum { LINE_BYTES = 1024 };	/* of the list of mappings; cut if longer */

struct mapping {
	uintptr_t low, high, offset;
	unsigned long inode;
	char path[sizeof ((struct evtask_place *)0)->module];
};

/* Lines, from a descriptor. */
struct lines {
	int fd;
	size_t used, taken;
	char bytes[4 * LINE_BYTES];
};

/* The next line, ended; NULL: that was the last. */
static char *
next_line(struct lines *lines)
{
	char *line, *end;
	ssize_t n;

	for (;;) {
		line = lines->bytes + lines->taken;
		end = memchr(line, '\n', lines->used - lines->taken);
		if (end != NULL)
			break;
		lines->used -= lines->taken;
		memmove(lines->bytes, line, lines->used);
		lines->taken = 0;
		if (lines->used == sizeof lines->bytes)
			return NULL;
		n = read(lines->fd, lines->bytes + lines->used,
		    sizeof lines->bytes - lines->used);
		if (n <= 0)
			return NULL;
		lines->used += (size_t)n;
	}
	*end = '\0';
	lines->taken = (size_t)(end + 1 - lines->bytes);
	return line;
}

static bool
parse(const char *line, struct mapping *ret)
{
	int path = 0;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %" SCNxPTR " %*s %lu "
	    "%n", &ret->low, &ret->high, &ret->offset, &ret->inode,
	    &path) < 4 ||
	    line[path] != '/' || strlen(line + path) >= sizeof ret->path)
		return false;
	strcpy(ret->path, line + path);
	return true;
}

/* The mapping of a file that the address is in, and where in memory the file
 * begins. */
static bool
find_mapping(uintptr_t pc, struct mapping *found, uintptr_t *ret_begin)
{
	struct lines lines = { .fd = open("/proc/self/maps",
	    O_RDONLY | O_CLOEXEC) };
	bool is_found = false;
	char *line;

	*ret_begin = 0;
	found->inode = 0;
	while (lines.fd >= 0 && !is_found &&
	    (line = next_line(&lines)) != NULL) {
		if (!parse(line, found))
			continue;
		if (found->offset == 0)
			*ret_begin = found->low;
		is_found = pc >= found->low && pc < found->high;
	}
	if (lines.fd >= 0)
		close(lines.fd);
	return is_found;
}

struct search {
	uintptr_t address;
	struct image_function best;
};

static void
see_function(const struct image_function *f, void *arg)
{
	struct search *search = arg;

	if (f->start <= search->address && f->start >= search->best.start &&
	    (f->size == 0 || search->address - f->start < f->size))
		search->best = *f;
}

void
evtask_place_of(const void *frame, struct evtask_place *ret_place)
{
	uintptr_t pc = (uintptr_t)frame - 1, begin;
	struct mapping mapping;
	struct search search = { .best.name = NULL };
	struct image image;
	struct stat st;

	*ret_place = (struct evtask_place){ .address = 0 };
	if (!find_mapping(pc, &mapping, &begin))
		return;
	strcpy(ret_place->module, mapping.path);
	image = image_map(mapping.path);
	ret_place->address = image_is_fixed(&image) ? pc : pc - begin;
	search.address = ret_place->address;
	/* A file that was put in its place since is another one. */
	if (stat(mapping.path, &st) == 0 && st.st_ino == mapping.inode)
		image_each_function(&image, see_function, &search);
	if (search.best.name != NULL) {
		snprintf(ret_place->func, sizeof ret_place->func, "%s",
		    search.best.name);
		ret_place->func_offset = search.address + 1 -
		    search.best.start;
	}
	image_unmap(&image);
}
