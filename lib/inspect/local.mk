# lib/inspect: looking, never touching
libevtask_objs_la_SOURCES += \
	lib/inspect/chrome.c lib/inspect/chrome.h \
	lib/inspect/capture.c lib/inspect/capture.h \
	lib/inspect/graph.c \
	lib/inspect/image.c lib/inspect/image.h \
	lib/inspect/info.c \
	lib/inspect/layout.c \
	lib/inspect/peek.c lib/inspect/peek.h \
	lib/inspect/place.c \
	lib/inspect/recorder.c lib/inspect/recorder.h \
	lib/inspect/stack.c \
	lib/inspect/symbols.c \
	lib/inspect/trace.c \
	lib/inspect/warning.c \
	lib/inspect/watchdog.c
