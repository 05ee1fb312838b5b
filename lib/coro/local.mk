# lib/coro: swap two stacks; knows no loop and no future
libevtask_objs_la_SOURCES += \
	lib/coro/advice.c lib/coro/advice.h \
	lib/coro/announce.h \
	lib/coro/coro.c lib/coro/coro.h \
	lib/coro/reserve.c lib/coro/reserve.h \
	lib/coro/room.c lib/coro/room.h \
	lib/coro/stack.c lib/coro/stack.h \
	lib/coro/switch.h lib/coro/switch_x86_64.h lib/coro/switch_aarch64.h
if SWITCH_X86_64
libevtask_objs_la_SOURCES += lib/coro/switch.c lib/coro/switch_x86_64.S
endif
if SWITCH_AARCH64
libevtask_objs_la_SOURCES += lib/coro/switch.c lib/coro/switch_aarch64.S
endif
if SWITCH_UCONTEXT
libevtask_objs_la_SOURCES += lib/coro/switch_ucontext.c
endif
EXTRA_DIST += lib/coro/switch.c lib/coro/switch_x86_64.S \
	lib/coro/switch_aarch64.S lib/coro/switch_ucontext.c
