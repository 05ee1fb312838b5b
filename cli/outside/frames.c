/*
 * frames.c - the stack of a task of a target.
 *
 * A task that is parked has left on its stack where it goes on: two registers,
 * and by where they stand the stack pointer. From these elfutils unwinds, as if
 * it were a thread. The one that runs is in the hands of a thread: that whose
 * stack pointer lies in the task's stack.
 */
#include "outside/frames.h"

#include <json-c/json.h>
#include <string.h>

#if defined(__x86_64__)
#define REGISTER_FP 6
#define REGISTER_SP 7
#elif defined(__aarch64__)
#define REGISTER_FP 29
#define REGISTER_SP 31
#else
#define REGISTER_FP -1
#define REGISTER_SP -1
#endif

#define FRAMES_MAX 256

static struct json_object *
render_frame(Dwfl *dwfl, Dwarf_Addr pc)
{
	struct json_object *o = json_object_new_object();
	Dwfl_Module *module = dwfl_addrmodule(dwfl, pc);
	const char *func = NULL, *path = NULL, *name;
	GElf_Off offset = 0;
	GElf_Sym symbol;
	Dwarf_Addr bias = 0;

	if (module != NULL) {
		func = dwfl_module_addrinfo(module, pc, &offset, &symbol,
		    NULL, NULL, NULL);
		(void)dwfl_module_getelf(module, &bias);
		name = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL,
		    &path, NULL);
		if (path == NULL && name != NULL && name[0] == '/')
			path = name;
	}
	json_object_object_add(o, "func", func != NULL
	    ? json_object_new_string(func) : NULL);
	json_object_object_add(o, "offset", func != NULL
	    ? json_object_new_int64((int64_t)offset) : NULL);
	json_object_object_add(o, "module", path != NULL
	    ? json_object_new_string(path) : NULL);
	json_object_object_add(o, "address",
	    json_object_new_int64((int64_t)(pc - bias)));
	return o;
}

static int
see_frame(Dwfl_Frame *frame, void *arg)
{
	struct frames *frames = arg;
	Dwfl *dwfl = dwfl_thread_dwfl(dwfl_frame_thread(frame));
	bool exact;
	Dwarf_Addr pc;

	if (!dwfl_frame_pc(frame, &pc, &exact) || pc == 0 ||
	    json_object_array_length(frames->list) == FRAMES_MAX)
		return DWARF_CB_ABORT;
	json_object_array_add(frames->list, render_frame(dwfl,
	    pc - !exact));
	return DWARF_CB_OK;
}

/* One that is parked, as the one thread of a process. */

static pid_t
next_thread(Dwfl *dwfl, void *arg, void **thread_arg)
{
	struct frames *frames = arg;

	(void)dwfl;
	if (frames->begun)
		return 0;
	frames->begun = true;
	*thread_arg = arg;
	return 1;
}

static bool
read_word(Dwfl *dwfl, Dwarf_Addr at, Dwarf_Word *ret_word, void *arg)
{
	struct frames *frames = arg;

	(void)dwfl;
	return target_read(frames->tasks->layout->target, at, ret_word,
	    sizeof(*ret_word));
}

static bool
set_registers(Dwfl_Thread *thread, void *arg)
{
	struct frames *frames = arg;
	const struct layout *layout = frames->tasks->layout;
	uint64_t parked = layout_of(layout, frames->task, TASK_PARKED);
	Dwarf_Word fp = layout_of(layout, parked, PARKED_FP);
	Dwarf_Word sp = layout_of(layout, parked, PARKED_SP);

	if (REGISTER_SP < 0 || sp == 0)
		return false;
	dwfl_thread_state_register_pc(thread,
	    layout_of(layout, parked, PARKED_PC));
	return dwfl_thread_state_registers(thread, REGISTER_FP, 1, &fp) &&
	    dwfl_thread_state_registers(thread, REGISTER_SP, 1, &sp);
}

static const Dwfl_Thread_Callbacks parked_callbacks = {
	.next_thread = next_thread,
	.memory_read = read_word,
	.set_initial_registers = set_registers,
};

static void
walk_parked(struct frames *frames)
{
	Dwfl *dwfl = target_dwfl(frames->tasks->layout->target);

	/* Attached once, to these frames, which outlive every walk. */
	if (!frames->attached)
		(void)dwfl_attach_state(dwfl, NULL, 1, &parked_callbacks,
		    frames);
	frames->attached = true;
	frames->begun = false;
	(void)dwfl_getthread_frames(dwfl, 1, see_frame, frames);
}

/* The one that runs. */

static int
see_running(Dwfl_Frame *frame, void *arg)
{
	struct frames *frames = arg;
	Dwarf_Word sp;

	if (!frames->inside && (REGISTER_SP < 0 ||
	    dwfl_frame_reg(frame, REGISTER_SP, &sp) != 0 ||
	    sp < frames->low || sp >= frames->high))
		return DWARF_CB_ABORT;
	frames->inside = true;
	return see_frame(frame, arg);
}

static int
see_thread(Dwfl_Thread *thread, void *arg)
{
	struct frames *frames = arg;

	(void)dwfl_thread_getframes(thread, see_running, frames);
	return frames->inside ? DWARF_CB_ABORT : DWARF_CB_OK;
}

static void
walk_running(struct frames *frames)
{
	const struct layout *layout = frames->tasks->layout;
	uint64_t stack = layout_of(layout, frames->task, TASK_STACK);
	Dwfl *dwfl = target_attach(layout->target);

	frames->low = layout_of(layout, stack, STACK_BASE);
	frames->high = frames->low + layout_of(layout, stack, STACK_SIZE);
	if (dwfl != NULL)
		(void)dwfl_getthreads(dwfl, see_thread, frames);
}

struct json_object *
frames_of(struct frames *frames, uint64_t task)
{
	const char *state = tasks_state(frames->tasks, task);

	frames->task = task;
	frames->list = json_object_new_array();
	frames->inside = false;
	if (strcmp(state, "running") == 0)
		walk_running(frames);
	else if (strcmp(state, "created") != 0)
		walk_parked(frames);
	return frames->list;
}
