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

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/list.h"

struct function {
	uintptr_t start;	/* in the file's own addresses */
	size_t size;
	const char *name;	/* in the mapping */
};

struct module {
	struct list link;
	uintptr_t bias;		/* memory minus file */
	uintptr_t low, high;	/* in memory */
	char *path;
	void *file;		/* mapped; NULL: cannot be read */
	size_t file_size;
	struct function *functions;	/* by start */
	size_t n_functions;
};

struct evtask_symbols {
	struct list modules;
};

/* Reading a file: nothing in it is taken on trust. */

static bool
lies_within(const struct module *m, uint64_t offset, uint64_t size)
{
	return offset <= m->file_size && size <= m->file_size - offset;
}

static const ElfW(Shdr) *
sections_of(const struct module *m, size_t *ret_n)
{
	const ElfW(Ehdr) *head = m->file;

	*ret_n = 0;
	if (m->file_size < sizeof *head ||
	    memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
	    head->e_shentsize != sizeof(ElfW(Shdr)) ||
	    head->e_shoff % sizeof(void *) != 0 ||
	    !lies_within(m, head->e_shoff,
	    (uint64_t)head->e_shnum * sizeof(ElfW(Shdr))))
		return NULL;
	*ret_n = head->e_shnum;
	return (const void *)((const char *)m->file + head->e_shoff);
}

/* Of .symtab, or else of .dynsym. */
static const ElfW(Shdr) *
symbol_table(const ElfW(Shdr) *sections, size_t n)
{
	const ElfW(Shdr) *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (sections[i].sh_type == SHT_SYMTAB ||
		    (sections[i].sh_type == SHT_DYNSYM && found == NULL))
			found = &sections[i];
	return found;
}

static int
by_start(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return (f->start > g->start) - (f->start < g->start);
}

static void
read_functions(struct module *m)
{
	size_t n_sections, n, i;
	const ElfW(Shdr) *sections = sections_of(m, &n_sections), *table, *names;
	const ElfW(Sym) *symbols;
	const char *text;

	table = sections != NULL ? symbol_table(sections, n_sections) : NULL;
	if (table == NULL || table->sh_link >= n_sections ||
	    table->sh_offset % sizeof(void *) != 0 ||
	    !lies_within(m, table->sh_offset, table->sh_size))
		return;
	names = &sections[table->sh_link];
	text = (const char *)m->file + names->sh_offset;
	if (!lies_within(m, names->sh_offset, names->sh_size) ||
	    names->sh_size == 0 || text[names->sh_size - 1] != '\0')
		return;
	symbols = (const void *)((const char *)m->file + table->sh_offset);
	n = table->sh_size / sizeof *symbols;
	m->functions = calloc(n + 1, sizeof *m->functions);
	for (i = 0; m->functions != NULL && i < n; i++)
		if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC &&
		    symbols[i].st_value != 0 &&
		    symbols[i].st_name < names->sh_size)
			m->functions[m->n_functions++] = (struct function){
				.start = symbols[i].st_value,
				.size = symbols[i].st_size,
				.name = text + symbols[i].st_name,
			};
	if (m->functions != NULL)
		qsort(m->functions, m->n_functions, sizeof *m->functions,
		    by_start);
}

static void
map_file(struct module *m)
{
	int fd = open(m->path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *file;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
		    fd, 0);
		if (file != MAP_FAILED) {
			m->file = file;
			m->file_size = (size_t)st.st_size;
		}
	}
	close(fd);
}

/* The build id among the notes; NULL: there is none. */
static const void *
build_id(const char *notes, size_t size, size_t *ret_size)
{
	while (size >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const void *)notes;
		size_t name = (note->n_namesz + 3u) & ~(size_t)3;
		size_t desc = (note->n_descsz + 3u) & ~(size_t)3;

		if (size - sizeof *note < name ||
		    size - sizeof *note - name < desc)
			break;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
		    memcmp(notes + sizeof *note, "GNU", 4) == 0) {
			*ret_size = note->n_descsz;
			return notes + sizeof *note + name;
		}
		notes += sizeof *note + name + desc;
		size -= sizeof *note + name + desc;
	}
	return NULL;
}

static bool
is_same_file(const struct module *m, const struct dl_phdr_info *info)
{
	size_t n, size_memory = 0, size_file = 0;
	const ElfW(Shdr) *sections = sections_of(m, &n);
	const void *memory = NULL, *file = NULL;

	for (int i = 0; i < info->dlpi_phnum && memory == NULL; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			memory = build_id((const char *)(info->dlpi_addr +
			    info->dlpi_phdr[i].p_vaddr),
			    info->dlpi_phdr[i].p_memsz, &size_memory);
	for (size_t i = 0; i < n && file == NULL; i++)
		if (sections[i].sh_type == SHT_NOTE && lies_within(m,
		    sections[i].sh_offset, sections[i].sh_size))
			file = build_id((const char *)m->file +
			    sections[i].sh_offset, sections[i].sh_size,
			    &size_file);
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
			map_file(m);
		if (m->file != NULL && is_same_file(m, info))
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
static const struct function *
function_of(const struct module *m, uintptr_t address)
{
	size_t low = 0, high = m->n_functions, middle;
	const struct function *f;

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
		if (m->file != NULL)
			munmap(m->file, m->file_size);
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
	const struct function *f;

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
