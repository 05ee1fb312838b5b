# lib/core: loop, futures, tasks, errors, cancellation
libevtask_objs_la_SOURCES += \
	lib/core/alarm.c lib/core/alarm.h \
	lib/core/alternate.c lib/core/alternate.h \
	lib/core/cancel.c \
	lib/core/context.c lib/core/context.h \
	lib/core/create.c \
	lib/core/crowd.c lib/core/crowd.h \
	lib/core/current.h \
	lib/core/cycle.c lib/core/cycle.h \
	lib/core/debug.c lib/core/debug.h \
	lib/core/error.c lib/core/error.h \
	lib/core/factory.c \
	lib/core/future.c lib/core/future.h \
	lib/core/graph.c lib/core/graph.h \
	lib/core/handle.c lib/core/handle.h \
	lib/core/inbox.c lib/core/inbox.h \
	lib/core/inspection.h \
	lib/core/life.h \
	lib/core/list.h \
	lib/core/loop.c lib/core/loop.h \
	lib/core/loops.c lib/core/loops.h \
	lib/core/outcome.c \
	lib/core/overflow.c \
	lib/core/pulse.h \
	lib/core/query.c \
	lib/core/rank.h \
	lib/core/ready.c lib/core/ready.h \
	lib/core/remote.c lib/core/remote.h \
	lib/core/recorder.c lib/core/recorder.h \
	lib/core/report.c \
	lib/core/resource.c lib/core/resource.h \
	lib/core/run.c lib/core/run.h \
	lib/core/slab.c lib/core/slab.h \
	lib/core/step.c lib/core/step.h \
	lib/core/system.c lib/core/system.h \
	lib/core/task.c lib/core/task.h \
	lib/core/tell.c lib/core/tell.h \
	lib/core/timer.c lib/core/timer.h \
	lib/core/timers.c lib/core/timers.h \
	lib/core/trim.c lib/core/trim.h \
	lib/core/value.c lib/core/value.h \
	lib/core/wake.h \
	lib/core/wrap.c
