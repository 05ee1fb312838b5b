# lib/sync: tasks that wait for one another
libevtask_objs_la_SOURCES += \
	lib/sync/barrier.c \
	lib/sync/condition.c \
	lib/sync/event.c \
	lib/sync/lock.c \
	lib/sync/name.h \
	lib/sync/queue.c \
	lib/sync/semaphore.c
