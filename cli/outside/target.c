/*
 * target.c - a process, or the core of one, whose memory is read.
 *
 * A process is read by the system, for us, without stopping it: see pages.c for
 * what that means. A core holds what was written to; what never was, as the
 * texts of a program, stands in the files that it was mapped from, if they are
 * still there.
 */
#include "outside/target.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cli/explain.h"
#include "outside/pages.h"

#define STRIDE 64 /* texts are read up to such a boundary */

struct target {
	pid_t pid;              /* 0: it is a core */
	struct pages *pages;    /* of the process */
	int fd;                 /* of the core; -1 */
	Elf *core;
	int64_t epoch_us;
	Dwfl *dwfl, *attached;
};

static const Dwfl_Callbacks of_process = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static const Dwfl_Callbacks of_core = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static Dwfl *
report(struct target *target)
{
	Dwfl *dwfl = dwfl_begin(target->pid != 0 ? &of_process : &of_core);
	int r;

	if (dwfl == NULL)
		return NULL;
	dwfl_report_begin(dwfl);
	r = target->pid != 0 ? dwfl_linux_proc_report(dwfl, target->pid)
	    : dwfl_core_file_report(dwfl, target->core, NULL) > 0 ? 0 : -1;
	if (r == 0 && dwfl_report_end(dwfl, NULL, NULL) == 0)
		return dwfl;
	dwfl_end(dwfl);
	return NULL;
}

static struct target *
target_new(void)
{
	struct target *target = calloc(1, sizeof(*target));

	if (target != NULL)
		target->fd = -1;
	return target;
}

/* The loops' clock is CLOCK_MONOTONIC, the same for all of the machine. */
static int64_t
monotonic_epoch_us(void)
{
	struct timespec real, monotonic;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	return (int64_t)(real.tv_sec - monotonic.tv_sec) * 1000000 +
	    (real.tv_nsec - monotonic.tv_nsec) / 1000;
}

int
target_open_pid(pid_t pid, struct target **ret_target, char **ret_why)
{
	struct target *target = target_new();
	char path[32];
	int r = 0;

	if (target == NULL)
		return -ENOMEM;
	target->pid = pid;
	target->pages = pages_new(pid);
	if (target->pages == NULL) {
		target_close(target);
		return -ENOMEM;
	}
	target->epoch_us = monotonic_epoch_us();
	snprintf(path, sizeof(path), "/proc/%ld/maps", (long)pid);
	if (access(path, F_OK) < 0)
		r = explain(ret_why, -ESRCH, "there is no process %ld",
		    (long)pid);
	else if ((target->dwfl = report(target)) == NULL)
		r = explain(ret_why, -EPERM, "process %ld cannot be looked "
		    "into; run as its user or as root, and see "
		    "/proc/sys/kernel/yama/ptrace_scope", (long)pid);
	if (r < 0)
		target_close(target);
	else
		*ret_target = target;
	return r;
}

static int
open_core(struct target *target, const char *path, char **ret_why)
{
	GElf_Ehdr head;

	target->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (target->fd < 0)
		return explain(ret_why, -errno, "%s: %s", path,
		    strerror(errno));
	elf_version(EV_CURRENT);
	target->core = elf_begin(target->fd, ELF_C_READ_MMAP, NULL);
	if (target->core == NULL || gelf_getehdr(target->core, &head) == NULL ||
	    head.e_type != ET_CORE)
		return explain(ret_why, -EINVAL, "%s is not a core", path);
	target->dwfl = report(target);
	if (target->dwfl == NULL)
		return explain(ret_why, -EINVAL, "the files that %s was made "
		    "from cannot be found: %s", path, dwfl_errmsg(-1));
	return 0;
}

int
target_open_core(const char *path, struct target **ret_target, char **ret_why)
{
	struct target *target = target_new();
	int r = target == NULL ? -ENOMEM : open_core(target, path, ret_why);

	if (r < 0)
		target_close(target);
	else
		*ret_target = target;
	return r;
}

void
target_close(struct target *target)
{
	if (target == NULL)
		return;
	if (target->attached != NULL)
		dwfl_end(target->attached);
	if (target->dwfl != NULL)
		dwfl_end(target->dwfl);
	if (target->core != NULL)
		elf_end(target->core);
	if (target->fd >= 0)
		close(target->fd);
	pages_free(target->pages);
	free(target);
}

/* Of what an ELF file, at that bias, says to be there. */
static bool
read_file(Elf *elf, uint64_t bias, uint64_t at, void *to, size_t size)
{
	size_t n, file_size, i;
	const char *file = elf_rawfile(elf, &file_size);
	GElf_Phdr p;

	if (file == NULL || elf_getphdrnum(elf, &n) < 0)
		return false;
	for (i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, &p) != NULL &&
		    p.p_type == PT_LOAD && at >= p.p_vaddr + bias &&
		    at - p.p_vaddr - bias + size <= p.p_filesz &&
		    p.p_offset + p.p_filesz <= file_size) {
			memcpy(to, file + p.p_offset + (at - p.p_vaddr - bias),
			    size);
			return true;
		}
	return false;
}

static bool
read_core(struct target *target, uint64_t at, void *to, size_t size)
{
	Dwfl_Module *module;
	GElf_Addr bias;
	Elf *elf;

	if (read_file(target->core, 0, at, to, size))
		return true;
	module = dwfl_addrmodule(target->dwfl, at);
	elf = module != NULL ? dwfl_module_getelf(module, &bias) : NULL;
	return elf != NULL && read_file(elf, bias, at, to, size);
}

void
target_read_anew(struct target *target)
{
	if (target->pages != NULL)
		pages_forget(target->pages);
}

void
target_pass(struct target *target)
{
	if (target->pages != NULL)
		pages_pass(target->pages);
}

void
target_expect(struct target *target, const uint64_t *addresses, size_t n,
    size_t size)
{
	if (target->pages != NULL)
		pages_expect(target->pages, addresses, n, size);
}

bool
target_is_core(const struct target *target)
{
	return target->core != NULL;
}

bool
target_read(struct target *target, uint64_t at, void *to, size_t size)
{
	if (at == 0)
		return false;
	return target->pid != 0 ? pages_read(target->pages, at, to, size)
	    : read_core(target, at, to, size);
}

void
target_text(struct target *target, uint64_t at, char *to, size_t size)
{
	size_t used = 0, some;

	to[0] = '\0';
	while (used + 1 < size) {
		some = STRIDE - (size_t)((at + used) % STRIDE);
		if (some > size - 1 - used)
			some = size - 1 - used;
		if (!target_read(target, at + used, to + used, some))
			break;
		if (memchr(to + used, '\0', some) != NULL)
			return;
		used += some;
	}
	to[used] = '\0';
}

/* Symbols. */

struct search {
	struct target *target;
	const char *name;
	bool (*is_it)(struct target *target, uint64_t at);
	bool likely;            /* only in modules called so */
	uint64_t found;
};

static int
search_module(Dwfl_Module *module, void **data, const char *path,
    Dwarf_Addr start, void *arg)
{
	struct search *search = arg;
	const char *base = strrchr(path, '/');
	int n, i;
	bool likely = strstr(base != NULL ? base : path, "evtask") != NULL;
	const char *name;
	GElf_Sym symbol;
	GElf_Addr at;

	(void)data, (void)start;
	if (likely != search->likely)
		return DWARF_CB_OK;
	n = dwfl_module_getsymtab(module);
	for (i = 1; i < n; i++) {
		name = dwfl_module_getsym_info(module, i, &symbol, &at, NULL,
		    NULL, NULL);
		if (name != NULL && strcmp(name, search->name) == 0 &&
		    symbol.st_shndx != SHN_UNDEF &&
		    search->is_it(search->target, at)) {
			search->found = at;
			return DWARF_CB_ABORT;
		}
	}
	return DWARF_CB_OK;
}

uint64_t
target_symbol(struct target *target, const char *name,
    bool (*is_it)(struct target *target, uint64_t at))
{
	struct search search = { .target = target, .name = name,
	    .is_it = is_it, .likely = true };

	dwfl_getmodules(target->dwfl, search_module, &search, 0);
	search.likely = false;
	if (search.found == 0)
		dwfl_getmodules(target->dwfl, search_module, &search, 0);
	return search.found;
}

Dwfl *
target_dwfl(struct target *target)
{
	return target->dwfl;
}

Dwfl *
target_attach(struct target *target)
{
	int r;

	if (target->attached != NULL)
		return target->attached;
	target->attached = report(target);
	if (target->attached == NULL)
		return NULL;
	r = target->pid != 0 ? dwfl_linux_proc_attach(target->attached,
	    target->pid, false) : dwfl_core_file_attach(target->attached,
	    target->core);
	if (r >= 0)
		return target->attached;
	dwfl_end(target->attached);
	target->attached = NULL;
	return NULL;
}

int64_t
target_epoch_us(const struct target *target)
{
	return target->epoch_us;
}
