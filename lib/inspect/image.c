/*
 * image.c - an ELF file, mapped: its functions and its build id.
 *
 * Nothing in it is taken on trust: every offset is held against its size.
 */
#include "inspect/image.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct image
image_map(const char *path)
{
	struct image image = { .file = NULL };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	void *file;

	if (fd < 0)
		return image;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
		    fd, 0);
		if (file != MAP_FAILED) {
			image.file = file;
			image.size = (size_t)st.st_size;
		}
	}
	close(fd);
	return image;
}

void
image_unmap(struct image *image)
{
	if (image->file != NULL)
		munmap(image->file, image->size);
	image->file = NULL;
}

static bool
lies_within(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

static const ElfW(Ehdr) *
head_of(const struct image *image)
{
	const ElfW(Ehdr) *head = image->file;

	return head != NULL && image->size >= sizeof *head &&
	    memcmp(head->e_ident, ELFMAG, SELFMAG) == 0 ? head : NULL;
}

static const ElfW(Shdr) *
sections_of(const struct image *image, size_t *ret_n)
{
	const ElfW(Ehdr) *head = head_of(image);

	*ret_n = 0;
	if (head == NULL || head->e_shentsize != sizeof(ElfW(Shdr)) ||
	    head->e_shoff % sizeof(void *) != 0 ||
	    !lies_within(image, head->e_shoff,
	    (uint64_t)head->e_shnum * sizeof(ElfW(Shdr))))
		return NULL;
	*ret_n = head->e_shnum;
	return (const void *)((const char *)image->file + head->e_shoff);
}

/* The symbols of .symtab, or else of .dynsym, and their names. */
struct symbols {
	const ElfW(Sym) *v;
	size_t n;
	const char *names;
	size_t names_size;
};

static struct symbols
symbols_of(const struct image *image)
{
	struct symbols symbols = { .n = 0 };
	size_t n, i;
	const ElfW(Shdr) *sections = sections_of(image, &n), *found = NULL;
	const ElfW(Shdr) *names;

	for (i = 0; i < n; i++)
		if (sections[i].sh_type == SHT_SYMTAB ||
		    (sections[i].sh_type == SHT_DYNSYM && found == NULL))
			found = &sections[i];
	if (found == NULL || found->sh_link >= n ||
	    found->sh_offset % sizeof(void *) != 0 ||
	    !lies_within(image, found->sh_offset, found->sh_size))
		return symbols;
	names = &sections[found->sh_link];
	symbols.names = (const char *)image->file + names->sh_offset;
	symbols.names_size = names->sh_size;
	if (!lies_within(image, names->sh_offset, names->sh_size) ||
	    names->sh_size == 0 ||
	    symbols.names[names->sh_size - 1] != '\0')
		return symbols;
	symbols.v = (const void *)((const char *)image->file +
	    found->sh_offset);
	symbols.n = found->sh_size / sizeof symbols.v[0];
	return symbols;
}

size_t
image_symbols(const struct image *image)
{
	return symbols_of(image).n;
}

void
image_each_function(const struct image *image,
    void (*see)(const struct image_function *function, void *arg), void *arg)
{
	struct symbols symbols = symbols_of(image);

	for (size_t i = 0; i < symbols.n; i++)
		if (ELF64_ST_TYPE(symbols.v[i].st_info) == STT_FUNC &&
		    symbols.v[i].st_value != 0 &&
		    symbols.v[i].st_name < symbols.names_size)
			see(&(struct image_function){
			    .start = symbols.v[i].st_value,
			    .size = symbols.v[i].st_size,
			    .name = symbols.names + symbols.v[i].st_name,
			    }, arg);
}

bool
image_is_fixed(const struct image *image)
{
	const ElfW(Ehdr) *head = head_of(image);

	return head != NULL && head->e_type == ET_EXEC;
}

const void *
notes_build_id(const char *notes, size_t size, size_t *ret_size)
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

const void *
image_build_id(const struct image *image, size_t *ret_size)
{
	size_t n, i;
	const ElfW(Shdr) *sections = sections_of(image, &n);
	const void *id = NULL;

	for (i = 0; i < n && id == NULL; i++)
		if (sections[i].sh_type == SHT_NOTE && lies_within(image,
		    sections[i].sh_offset, sections[i].sh_size))
			id = notes_build_id((const char *)image->file +
			    sections[i].sh_offset, sections[i].sh_size,
			    ret_size);
	return id;
}
