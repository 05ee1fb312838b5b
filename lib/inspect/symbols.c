/*
 * symbols.c - the names of functions, those of static ones, too.
 *
 * The dynamic linker knows only what is exported; all functions stand in the
 * .symtab section of the file a module was loaded from, as long as it is not
 * stripped, and that is read here. The file is mapped, its functions are sorted
 * once, and each address is found by halving.
 *
 * A module is trusted to be what its file says only if the file still has the
 * build id that is in memory, or neither has one: a program that was updated on
 * disk while it runs has no names rather than wrong ones.
 */
#include <evtask/inspect_stack.h>

#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "core/list.h"
#include "inspect/image.h"

struct module {
	struct list link;
	uintptr_t bias;		/* memory minus file */
	uintptr_t low, high;	/* in memory */
	char *path;
	struct image image;
	struct image_function *functions;	/* by start */
	size_t n_functions;
};

struct evtask_symbols {
	struct list modules;
};

static int
by_start(const void *a, const void *b)
{
	const struct image_function *f = a, *g = b;

	return (f->start > g->start) - (f->start < g->start);
}

static void
see_function(const struct image_function *function, void *arg)
{
	struct module *m = arg;

	m->functions[m->n_functions++] = *function;
}

static void
read_functions(struct module *m)
{
	size_t n = image_symbols(&m->image);

	m->functions = calloc(n + 1, sizeof *m->functions);
	if (m->functions == NULL)
		return;
	image_each_function(&m->image, see_function, m);
	qsort(m->functions, m->n_functions, sizeof *m->functions, by_start);
}

static bool
is_same_file(const struct module *m, const struct dl_phdr_info *info)
{
	size_t size_memory = 0, size_file = 0;
	const void *memory = NULL, *file;

	for (int i = 0; i < info->dlpi_phnum && memory == NULL; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			memory = notes_build_id((const char *)(info->dlpi_addr +
			    info->dlpi_phdr[i].p_vaddr),
			    info->dlpi_phdr[i].p_memsz, &size_memory);
	file = image_build_id(&m->image, &size_file);
	if (memory == NULL || file == NULL)
		return memory == file;
	return size_memory == size_file &&
	    memcmp(memory, file, size_file) == 0;
}

/* Modules. */

struct search {
	uintptr_t pc;
	struct module *module;
};

static int
see_module(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *search = arg;
	struct module *m;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t low = info->dlpi_addr + p->p_vaddr;

		if (p->p_type != PT_LOAD || search->pc < low ||
		    search->pc - low >= p->p_memsz)
			continue;
		m = calloc(1, sizeof *m);
		if (m == NULL)
			return 1;
		m->bias = info->dlpi_addr;
		m->low = low;
		m->high = low + p->p_memsz;
		m->path = info->dlpi_name[0] != '\0' ?
		    strdup(info->dlpi_name) : realpath("/proc/self/exe", NULL);
		if (m->path != NULL)
			m->image = image_map(m->path);
		if (m->image.file != NULL && is_same_file(m, info))
			read_functions(m);
		search->module = m;
		return 1;
	}
	return 0;
}

static struct module *
module_of(struct evtask_symbols *symbols, uintptr_t pc)
{
	struct search search = { .pc = pc };
	struct list *link;

	list_foreach(link, &symbols->modules) {
		struct module *m = container_of(link, struct module, link);

		if (pc >= m->low && pc < m->high)
			return m;
	}
	(void)dl_iterate_phdr(see_module, &search);
	if (search.module != NULL)
		list_append(&symbols->modules, &search.module->link);
	return search.module;
}

/* The function an address of the file is in. */
static const struct image_function *
function_of(const struct module *m, uintptr_t address)
{
	size_t low = 0, high = m->n_functions, middle;
	const struct image_function *f;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (m->functions[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	f = &m->functions[low - 1];
	return f->size == 0 || address - f->start < f->size ? f : NULL;
}

int
evtask_symbols_new(struct evtask_symbols **ret_symbols)
{
	struct evtask_symbols *symbols;

	if (ret_symbols == NULL)
		return -EINVAL;
	symbols = malloc(sizeof *symbols);
	if (symbols == NULL)
		return -ENOMEM;
	list_init(&symbols->modules);
	*ret_symbols = symbols;
	return 0;
}

void
evtask_symbols_free(struct evtask_symbols *symbols)
{
	while (symbols != NULL && !list_empty(&symbols->modules)) {
		struct module *m = container_of(symbols->modules.next,
		    struct module, link);

		list_remove(&m->link);
		image_unmap(&m->image);
		free(m->functions);
		free(m->path);
		free(m);
	}
	free(symbols);
}

void
evtask_symbols_find(struct evtask_symbols *symbols, const void *frame,
    struct evtask_symbol *ret_symbol)
{
	/* Where it goes on may be in the next function, or line. */
	uintptr_t pc = (uintptr_t)frame - 1;
	const struct module *m = module_of(symbols, pc);
	const struct image_function *f;

	*ret_symbol = (struct evtask_symbol){ .func = NULL };
	if (m == NULL)
		return;
	ret_symbol->module = m->path;
	ret_symbol->address = pc - m->bias;
	f = function_of(m, pc - m->bias);
	if (f == NULL)
		return;
	ret_symbol->func = f->name;
	ret_symbol->func_offset = pc + 1 - m->bias - f->start;
}
