/*
 * source_dw.c - where in the source an address of a file is, by the debug
 * information of that file or of the one that its build id leads to.
 *
 * Each module is opened once. The scopes round an address tell which functions
 * were inlined there: each was called at a line of the next one outwards.
 */
#include "source.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

struct module {
	char *path;
	Dwfl_Module *dwfl;   /* NULL: it cannot be read */
	struct module *next;
};

struct source {
	Dwfl *dwfl;
	struct module *modules;
};

static const Dwfl_Callbacks callbacks = {
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct source *
source_new(void)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source != NULL)
		source->dwfl = dwfl_begin(&callbacks);
	if (source != NULL && source->dwfl == NULL) {
		free(source);
		return NULL;
	}
	return source;
}

void
source_free(struct source *source)
{
	struct module *m;

	if (source == NULL)
		return;
	while ((m = source->modules) != NULL) {
		source->modules = m->next;
		free(m->path);
		free(m);
	}
	dwfl_end(source->dwfl);
	free(source);
}

static Dwfl_Module *
module_of(struct source *source, const char *path)
{
	struct module *m;

	for (m = source->modules; m != NULL; m = m->next)
		if (strcmp(m->path, path) == 0)
			return m->dwfl;
	m = calloc(1, sizeof(*m));
	if (m == NULL || (m->path = strdup(path)) == NULL) {
		free(m);
		return NULL;
	}
	dwfl_report_begin_add(source->dwfl);
	m->dwfl = dwfl_report_offline(source->dwfl, path, path, -1);
	(void)dwfl_report_end(source->dwfl, NULL, NULL);
	m->next = source->modules;
	source->modules = m;
	return m->dwfl;
}

static void
add(struct source_places *places, const char *func, const char *file,
    int line)
{
	struct source_place *place;

	if (places->n == SOURCE_PLACES_MAX)
		return;
	place = &places->v[places->n++];
	place->func = func != NULL ? strdup(func) : NULL;
	place->file = file != NULL ? strdup(file) : NULL;
	place->line = line;
}

/* Where an inlined function was called. */
static const char *
caller_of(Dwarf_Die *scope, Dwarf_Die *unit, int *ret_line)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number;
	Dwarf_Files *files;
	size_t n;

	*ret_line = 0;
	if (dwarf_formudata(dwarf_attr(scope, DW_AT_call_line, &attribute),
	    &number) == 0)
		*ret_line = (int)number;
	if (dwarf_formudata(dwarf_attr(scope, DW_AT_call_file, &attribute),
	    &number) != 0 || dwarf_getsrcfiles(unit, &files, &n) != 0)
		return NULL;
	return dwarf_filesrc(files, number, NULL, NULL);
}

void
source_find(struct source *source, const char *path, uint64_t address,
    struct source_places *ret_places)
{
	Dwfl_Module *module = source != NULL && path != NULL
	    ? module_of(source, path) : NULL;
	Dwarf_Addr start = 0, bias = 0;
	Dwarf_Die *unit, *scopes = NULL;
	const char *file = NULL, *func = NULL;
	Dwfl_Line *at;
	int line = 0, n, i;

	ret_places->n = 0;
	if (module == NULL)
		return;
	/* The file's own address, and where it was put among the others. */
	dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, NULL, NULL);
	(void)dwfl_module_getelf(module, &bias);
	at = dwfl_module_getsrc(module, address + bias);
	if (at == NULL)
		return;
	file = dwfl_lineinfo(at, NULL, &line, NULL, NULL, NULL);
	unit = dwfl_module_addrdie(module, address + bias, &start);
	n = unit != NULL ? dwarf_getscopes(unit, address + bias - start,
	    &scopes) : 0;
	for (i = 0; i < n; i++) {
		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram) {
			func = dwarf_diename(&scopes[i]);
			break;
		}
		if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine)
			continue;
		add(ret_places, dwarf_diename(&scopes[i]), file, line);
		file = caller_of(&scopes[i], unit, &line);
	}
	add(ret_places, func, file, line);
	free(scopes);
}

void
source_release(struct source_places *places)
{
	while (places->n > 0) {
		places->n--;
		free(places->v[places->n].func);
		free(places->v[places->n].file);
	}
}
