# lib/wait: ways of waiting, each a future awaited
libevtask_objs_la_SOURCES += \
	lib/wait/gather.c \
	lib/wait/sleep.c \
	lib/wait/timeout.c \
	lib/wait/wait.c
