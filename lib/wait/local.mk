# lib/wait: ways of waiting, each a future awaited
libevtask_objs_la_SOURCES += \
	lib/wait/as_completed.c \
	lib/wait/gather.c \
	lib/wait/group.c \
	lib/wait/line.c lib/wait/line.h \
	lib/wait/shield.c \
	lib/wait/sleep.c \
	lib/wait/spread.h \
	lib/wait/timeout.c \
	lib/wait/wait.c
