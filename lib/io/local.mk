# lib/io: descriptors, signals, children, threads
libevtask_objs_la_SOURCES += \
	lib/io/fd.c \
	lib/io/poll.c lib/io/poll.h \
	lib/io/process.c \
	lib/io/signal.c \
	lib/io/thread.c \
	lib/io/watch.c lib/io/watch.h
