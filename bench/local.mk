# The race. "make check" builds what needs libevtask, libevent and libc only, so
# that it keeps compiling, and runs none of it: bench/run does.
bench_programs = bench/ask bench/load bench/peer/loop \
	bench/operations bench/peer/epoll bench/peer/evtask \
	bench/peer/bufferevent bench/peer/libevent bench/peer/ucontext
check_PROGRAMS += $(bench_programs)
# The switch is private to libevtask: these have one of their own.
if SWITCH_X86_64
bench_switch = lib/coro/switch.c lib/coro/switch_x86_64.S
endif
if SWITCH_AARCH64
bench_switch = lib/coro/switch.c lib/coro/switch_aarch64.S
endif
if SWITCH_UCONTEXT
bench_switch = lib/coro/switch_ucontext.c
bench_ucontext = -DSWITCH_UCONTEXT
endif
# A client: the server it has started, and what it says to that.
bench_load_SOURCES = bench/load.c bench/client/server.c bench/client/server.h
bench_ask_SOURCES = bench/ask.c \
	bench/client/bystander.c bench/client/bystander.h \
	bench/client/crowd.c bench/client/crowd.h \
	bench/client/pings.c bench/client/pings.h \
	bench/client/samples.c bench/client/samples.h \
	bench/client/server.c bench/client/server.h \
	bench/client/storm.c bench/client/storm.h \
	bench/client/talk.c bench/client/talk.h \
	bench/client/tasks.c bench/client/tasks.h
bench_peer_evtask_SOURCES = bench/peer/evtask.c \
	bench/peer/evtask_inspect.c bench/peer/evtask_inspect.h $(bench_switch)
bench_operations_SOURCES = bench/operations.c bench/operation/operation.h \
	bench/operation/futures.c bench/operation/streams.c \
	bench/operation/sync.c bench/operation/tasks.c \
	bench/operation/timers.c $(bench_switch)
# Flags of its own, for objects of its own: the library's are libtool's.
bench_peer_evtask_CFLAGS = $(AM_CFLAGS) $(bench_ucontext)
bench_peer_evtask_CCASFLAGS = $(AM_CCASFLAGS)
bench_peer_evtask_LDADD = libevtask.la
bench_operations_CFLAGS = $(AM_CFLAGS) $(bench_ucontext)
bench_operations_CCASFLAGS = $(AM_CCASFLAGS)
bench_operations_LDADD = libevtask.la
bench_peer_libevent_LDADD = $(LIBEVENT_LIBS)
bench_peer_bufferevent_LDADD = $(LIBEVENT_LIBS)
EXTRA_DIST += \
	bench/instructions \
	bench/instructions.txt \
	bench/listener.h \
	bench/measure.h \
	bench/peer/boost_context.cpp \
	bench/peer/commands.sh bench/peer/evtaskd.sh bench/peer/redis.sh \
	bench/peer/boost_fiber.cpp \
	bench/peer/go/go.mod \
	bench/peer/go/main.go \
	bench/peer/libuv.c \
	bench/peer/python.py \
	bench/peer/tokio/Cargo.toml \
	bench/peer/tokio/src/main.rs \
	bench/peers.sh \
	bench/plot.awk \
	bench/RESULTS.md bench/alive-cold.svg bench/asleep-bytes.svg \
	bench/asleep-cpu.svg bench/yield-ns.svg \
	bench/reasons \
	bench/rows \
	bench/run \
	bench/table.awk
