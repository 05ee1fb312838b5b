# lib/inspect: looking, never touching
libevtask_objs_la_SOURCES += \
	lib/inspect/chrome.c lib/inspect/chrome.h \
	lib/inspect/graph.c \
	lib/inspect/info.c \
	lib/inspect/recorder.c \
	lib/inspect/stack.c \
	lib/inspect/symbols.c \
	lib/inspect/trace.c \
	lib/inspect/warning.c \
	lib/inspect/watchdog.c
