/*
 * layout.c - members of the target's structures, by its own table of them.
 */
#include "outside/layout.h"

#include <errno.h>
#include <string.h>
#include "cli/explain.h"

static const char *const names[MEMBERS] = {
	[LOOP_NEXT] = "loop.next", [LOOP_TASKS] = "loop.tasks",
	[LOOP_NOW_US] = "loop.now_us", [LOOP_RUNS_IN] = "loop.runs_in",
	[CURRENT_TASK] = "current.task",
	[LIST_NEXT] = "list.next", [LIST_PREV] = "list.prev",
	[TASK_ALL] = "task.all", [TASK_ID] = "task.id",
	[TASK_NAME] = "task.name", [TASK_RUNNING] = "task.running",
	[TASK_PARKED] = "task.parked", [TASK_RESUMES] = "task.resumes",
	[TASK_CREATED_AT] = "task.created_at",
	[TASK_CREATED_BY] = "task.created_by",
	[TASK_CREATED_US] = "task.created_us", [TASK_QUEUED] = "task.queued",
	[TASK_INTERNAL] = "task.internal",
	[TASK_STARTED_US] = "task.started_us", [TASK_WAIT] = "task.wait",
	[TASK_STACK] = "task.stack",
	[STACK_BASE] = "stack.base", [STACK_SIZE] = "stack.size",
	[PARKED_PC] = "parked.pc", [PARKED_SP] = "parked.sp",
	[PARKED_FP] = "parked.fp",
	[WAIT_OP] = "wait.op", [WAIT_TYPE] = "wait.type",
	[WAIT_NAME] = "wait.name", [WAIT_NUMBER] = "wait.number",
	[WAIT_OWNER] = "wait.owner", [WAIT_RESOURCE] = "wait.resource",
	[WAIT_SITE] = "wait.site", [WAIT_SINCE_US] = "wait.since_us",
	[WAIT_UNTIL_US] = "wait.until_us", [WAIT_ON] = "wait.on",
	[WAIT_EACH] = "wait.each", [WAIT_OF] = "wait.of",
	[FUTURE_CLASS] = "future.class", [FUTURE_STATE] = "future.state",
	[RESOURCE_TYPE] = "resource.type", [RESOURCE_NAME] = "resource.name",
	[RESOURCE_OWNER] = "resource.owner",
	[SITE_FUNC] = "site.func", [SITE_FILE] = "site.file",
	[SITE_LINE] = "site.line",
};

static const struct evtask_layout_row *
find_row(const struct evtask_layout *table, const char *name)
{
	for (size_t i = 0; i < EVTASK_LAYOUT_ROWS; i++)
		if (strncmp(table->rows[i].name, name,
		    sizeof(table->rows[i].name)) == 0)
			return &table->rows[i];
	return NULL;
}

/* The one that was loaded: its pointer leads somewhere, and not to where the
 * file would have it. What cannot be read may be it: that is said later. */
static bool
is_loaded(struct target *target, uint64_t at)
{
	struct evtask_layout head;
	uint64_t loop;

	return !target_read(target, at, &head, offsetof(struct evtask_layout,
	    rows)) || target_read(target, (uint64_t)(uintptr_t)head.loops,
	    &loop, sizeof(loop));
}

static void
read_spreads(struct layout *layout)
{
	uint64_t list = (uint64_t)(uintptr_t)layout->table.spreads, at;
	struct evtask_layout_spread *spread = layout->spreads;

	layout->n_spreads = 0;
	for (; layout->n_spreads < LAYOUT_SPREADS &&
	    target_read(layout->target, list, &at, sizeof(at)) &&
	    target_read(layout->target, at, spread, sizeof(*spread));
	    list += sizeof(at), spread++)
		layout->n_spreads++;
}

const struct evtask_layout_spread *
layout_spread(const struct layout *layout, uint64_t what)
{
	for (size_t i = 0; i < layout->n_spreads; i++)
		if ((uint64_t)(uintptr_t)layout->spreads[i].what == what)
			return &layout->spreads[i];
	return NULL;
}

int
layout_read(struct layout *layout, struct target *target, char **ret_why)
{
	uint64_t at = target_symbol(target, "evtask_layout",
	    is_loaded);
	const struct evtask_layout *table = &layout->table;

	layout->target = target;
	if (at == 0)
		return explain(ret_why, -ENOENT, "that is no program of "
		    "libevtask: there is no evtask_layout in it");
	if (!target_read(target, at, &layout->table, sizeof(layout->table)))
		return explain(ret_why, -EPERM, "its memory cannot be read; "
		    "run as its user or as root, and see "
		    "/proc/sys/kernel/yama/ptrace_scope");
	if (memcmp(table->magic, EVTASK_LAYOUT_MAGIC, 8) != 0 ||
	    table->version != EVTASK_LAYOUT_VERSION ||
	    table->row_size != sizeof(struct evtask_layout_row))
		return explain(ret_why, -ENOTSUP, "its libevtask has another "
		    "layout (version %u; this evtask reads %d); use the "
		    "evtask that belongs to it", table->version,
		    EVTASK_LAYOUT_VERSION);
	for (size_t i = 0; i < MEMBERS; i++) {
		layout->rows[i] = find_row(table, names[i]);
		if (layout->rows[i] == NULL)
			return explain(ret_why, -ENOTSUP, "its libevtask does "
			    "not tell of %s; use the evtask that belongs to "
			    "it", names[i]);
	}
	read_spreads(layout);
	return 0;
}

bool
layout_get(const struct layout *layout, uint64_t base, enum member member,
    uint64_t *ret_value)
{
	const struct evtask_layout_row *row = layout->rows[member];
	uint64_t value = 0;

	*ret_value = 0;
	if (row->via >= 0) {
		if (!target_read(layout->target, base + (uint64_t)row->via,
		    &base, sizeof(base)))
			return false;
		if (base == 0)
			return true;
	}
	if (row->size == 0) {
		*ret_value = base + row->offset;
		return true;
	}
	if (row->size > sizeof(value) ||
	    !target_read(layout->target, base + row->offset, &value,
	    row->size))
		return false;
	*ret_value = row->bit < 0 ? value : value >> row->bit & 1;
	return true;
}

uint64_t
layout_of(const struct layout *layout, uint64_t base, enum member member)
{
	uint64_t value;

	return layout_get(layout, base, member, &value) ? value : 0;
}
