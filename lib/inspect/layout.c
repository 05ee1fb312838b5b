/*
 * layout.c - where a debugger finds what stands where: see inspect_layout.h.
 *
 * Bits of bit-fields have no address that C would tell; where they are is
 * written down here and held against the compiler by a test.
 */
#include <evtask/inspect_layout.h>

#include "core/inspection.h"
#include "core/loops.h"
#include "core/resource.h"
#include "core/task.h"
#include "wait/spread.h"

#define MEMBER(called, type, member) \
	{ called, -1, offsetof(type, member), \
	  sizeof ((type *)0)->member, -1 }
#define BEHIND(called, type, pointer, to, member) \
	{ called, offsetof(type, pointer), offsetof(to, member), \
	  sizeof ((to *)0)->member, -1 }
#define ABOVE(called, type) \
	{ called, -1, sizeof(type), 0, -1 }
#define BIT(called, type, base, behind, number) \
	{ called, -1, offsetof(type, base) + (behind), sizeof(uint32_t), \
	  number }

static const struct evtask_layout_spread *const spreads[] = {
	&wait_spread, &as_completed_spread, &group_spread, &gather_spread,
	&shield_spread, NULL,
};

_Static_assert(offsetof(struct evtask, future) == 0,
    "a task begins with its future: spreads lead to futures");

const struct evtask_layout evtask_layout = {
	.magic = EVTASK_LAYOUT_MAGIC,
	/* None that anybody can read, where half of it is not written. */
	.version = INSPECTION ? EVTASK_LAYOUT_VERSION : 0,
	.row_size = sizeof(struct evtask_layout_row),
	.loops = &loops,
	.spreads = spreads,
	.rows = {
		MEMBER("loop.next", struct evtask_loop, next),
		MEMBER("loop.tasks", struct evtask_loop, tasks),
		MEMBER("loop.now_us", struct evtask_loop, now_us),
		MEMBER("loop.runs_in", struct evtask_loop, runs_in),
		MEMBER("current.task", struct current, task),
		MEMBER("list.next", struct list, next),
		MEMBER("list.prev", struct list, prev),

		MEMBER("task.all", struct evtask, all),
		MEMBER("task.id", struct evtask, id),
		BEHIND("task.name", struct evtask, extra, struct extra, name),
		MEMBER("task.running", struct evtask, running),
		MEMBER("task.parked", struct evtask, coro.parked),
		MEMBER("task.resumes", struct evtask, resumes),
		MEMBER("task.created_at", struct evtask, created_at),
		MEMBER("task.created_by", struct evtask, created_by),
		MEMBER("task.created_us", struct evtask, created_us),
		BIT("task.queued", struct evtask, step,
		    RUNNABLE_BYTES - sizeof(uint32_t), 0),
		BIT("task.internal", struct evtask, step, RUNNABLE_BYTES, 30),

		BEHIND("task.started_us", struct evtask, running,
		    struct running, started_us),
		BEHIND("task.wait", struct evtask, running, struct running,
		    wait),
		BEHIND("task.stack", struct evtask, running, struct running,
		    stack),
		MEMBER("stack.base", struct stack, base),
		MEMBER("stack.size", struct stack, size),
		MEMBER("parked.pc", struct parked, pc),
		MEMBER("parked.fp", struct parked, fp),
		ABOVE("parked.sp", struct parked),

		MEMBER("wait.op", struct wait, op),
		MEMBER("wait.type", struct wait, type),
		MEMBER("wait.name", struct wait, name),
		MEMBER("wait.number", struct wait, number),
		MEMBER("wait.owner", struct wait, owner),
		MEMBER("wait.resource", struct wait, resource),
		MEMBER("wait.site", struct wait, site),
		MEMBER("wait.since_us", struct wait, since_us),
		MEMBER("wait.until_us", struct wait, until_us),
		MEMBER("wait.on", struct wait, on),
		MEMBER("wait.each", struct wait, each),
		MEMBER("wait.of", struct wait, of),
		MEMBER("future.class", struct evtask_future, class),
		MEMBER("future.state", struct evtask_future, state),
		BEHIND("resource.type", struct resource, class,
		    struct resource_class, type),
		MEMBER("resource.name", struct resource, name),
		MEMBER("resource.owner", struct resource, owner),

		MEMBER("site.func", struct evtask_site, func),
		MEMBER("site.file", struct evtask_site, file),
		MEMBER("site.line", struct evtask_site, line),
	},
};
