# lib/io: descriptors, streams, servers, signals, children, threads
libevtask_objs_la_SOURCES += \
	lib/io/address.c lib/io/address.h \
	lib/io/buffer.c lib/io/buffer.h \
	lib/io/connect.c \
	lib/io/fd.c \
	lib/io/listen.c lib/io/listen.h \
	lib/io/poll.c lib/io/poll.h \
	lib/io/process.c \
	lib/io/resolve.c \
	lib/io/runner.c \
	lib/io/server.c \
	lib/io/signal.c \
	lib/io/stream.c lib/io/stream.h \
	lib/io/stream_read.c \
	lib/io/stream_write.c \
	lib/io/streams.c lib/io/streams.h \
	lib/io/thread.c \
	lib/io/watch.c lib/io/watch.h
