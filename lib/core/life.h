/*
 * life.h - the life of a task, as told to who looks: by whom and where it was
 * made, when it was made, began and ended, and how often it went on.
 *
 * Written down nowhere else; what is not known is NULL, -1 or 0.
 */
#ifndef CORE_LIFE_H
#define CORE_LIFE_H

#include "core/inspection.h"
#include "core/task.h"

/* Like struct evtask_origin, in a word: its type in the low byte. */
static inline uint64_t
life_origin(enum evtask_origin_type type, uint64_t id)
{
	return id << 8 | type;
}

/* A new task, of the running one; NULL: of the loop. */
static inline void
life_created(struct evtask *task, const struct evtask *creator,
    int64_t now_us, const struct evtask_site *site)
{
	if (!INSPECTION)
		return;
	task->resumes = 0;
	task->created_at = site;
	task->created_by = creator == NULL ?
	    life_origin(EVTASK_ORIGIN_LOOP, 0) :
	    life_origin(EVTASK_ORIGIN_TASK, creator->id);
	task->created_us = now_us;
}

/* Made in the name of somebody else, or for another place; NULL: as it was. */
static inline void
life_attributed(struct evtask *task, const struct evtask_origin *by,
    const struct evtask_site *site)
{
	if (!INSPECTION)
		return;
	if (by != NULL)
		task->created_by = life_origin(by->type, by->id);
	if (site != NULL)
		task->created_at = site;
}

/* It begins; or ends, without ever having begun. */
static inline void
life_started(struct running *running, int64_t now_us)
{
	if (!INSPECTION)
		return;
	running->started_us = now_us;
	running->busy_ticks = 0;
}

static inline void
life_unborn(struct running *running)
{
	life_started(running, -1);
}

static inline void
life_resumed(struct evtask *task)
{
	if (INSPECTION)
		task->resumes++;
}

/* Its stack goes, and it is in no list any more. */
static inline void
life_done(struct evtask *task, const struct running *running, int64_t now_us)
{
	if (!INSPECTION)
		return;
	task->times.started_us = running->started_us;
	task->times.done_us = now_us;
}

/* Read. */

static inline const struct evtask_site *
life_created_at(const struct evtask *task)
{
	return INSPECTION ? task->created_at : NULL;
}

static inline struct evtask_origin
life_created_by(const struct evtask *task)
{
	if (!INSPECTION)
		return (struct evtask_origin){ .type = EVTASK_ORIGIN_LOOP };
	return (struct evtask_origin){
		.type = (enum evtask_origin_type)(task->created_by & 0xff),
		.id = task->created_by >> 8,
	};
}

static inline int64_t
life_created_us(const struct evtask *task)
{
	return INSPECTION ? task->created_us : -1;
}

/* When its function was first called; -1: it was not. */
static inline int64_t
life_started_us(const struct evtask *task)
{
	if (!INSPECTION)
		return -1;
	if (task->running != NULL)
		return task->running->started_us;
	return task->started ? task->times.started_us : -1;
}

static inline int64_t
life_done_us(const struct evtask *task)
{
	return INSPECTION && task_is_done(task) ? task->times.done_us : -1;
}

static inline uint64_t
life_resumes(const struct evtask *task)
{
	return INSPECTION ? task->resumes : 0;
}

/* Times it has suspended: each was followed by a resume, but the last. */
static inline uint64_t
life_awaits(const struct evtask *task)
{
	bool suspended = task->future.state == FUTURE_PENDING &&
	    task != current.task;

	return INSPECTION && task->started ? task->resumes - !suspended : 0;
}

#endif
