# examples: built and run by "make check"; installed, to be read and built
# against what is installed (tests/e2e/install.sh does so).
check_PROGRAMS += examples/hello examples/embedded
examples_hello_LDADD = libevtask.la
examples_embedded_LDADD = libevtask-console.la libevtask.la $(LIBEVENT_LIBS)
# A module, as a shared object that is not installed.
check_LTLIBRARIES += examples/countdown.la
examples_countdown_la_SOURCES = examples/module.c
examples_countdown_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
examples_countdown_la_LIBADD = libevtask-console.la libevtask.la
check_PROGRAMS += examples/client
examples_client_LDADD = libevtask-ctl.la $(JSONC_LIBS)

# The tour, doc/tour.md: each program prints what stands in its .txt file, and
# so does its twin for asyncio, where it has one.
TOUR = \
	examples/await \
	examples/cancel \
	examples/clock \
	examples/condition \
	examples/context \
	examples/create \
	examples/from_thread \
	examples/group \
	examples/locks \
	examples/loop \
	examples/many \
	examples/query \
	examples/raise \
	examples/result \
	examples/shield \
	examples/timeout \
	examples/to_thread \
	examples/when \
	examples/workers
check_PROGRAMS += $(TOUR)
examples_await_LDADD = libevtask.la
examples_cancel_LDADD = libevtask.la
examples_clock_LDADD = libevtask.la
examples_condition_LDADD = libevtask.la
examples_context_LDADD = libevtask.la
examples_create_LDADD = libevtask.la
examples_from_thread_LDADD = libevtask.la
examples_group_LDADD = libevtask.la
examples_locks_LDADD = libevtask.la
examples_loop_LDADD = libevtask.la
examples_many_LDADD = libevtask.la
examples_query_LDADD = libevtask.la
examples_raise_LDADD = libevtask.la
examples_result_LDADD = libevtask.la
examples_shield_LDADD = libevtask.la
examples_timeout_LDADD = libevtask.la
examples_to_thread_LDADD = libevtask.la
examples_when_LDADD = libevtask.la
examples_workers_LDADD = libevtask.la

examplesdir = $(docdir)/examples
dist_examples_DATA = examples/embedded.c examples/hello.c \
	examples/client.c examples/client.py examples/module.c \
	examples/await.c examples/await.txt examples/await.py \
	examples/cancel.c examples/cancel.txt examples/cancel.py \
	examples/clock.c examples/clock.txt \
	examples/condition.c examples/condition.txt examples/condition.py \
	examples/context.c examples/context.txt examples/context.py \
	examples/create.c examples/create.txt examples/create.py \
	examples/from_thread.c examples/from_thread.txt examples/from_thread.py \
	examples/group.c examples/group.txt examples/group.py \
	examples/locks.c examples/locks.txt examples/locks.py \
	examples/loop.c examples/loop.txt examples/loop.py \
	examples/many.c examples/many.txt examples/many.py \
	examples/query.c examples/query.txt examples/query.py \
	examples/raise.c examples/raise.txt examples/raise.py \
	examples/result.c examples/result.txt examples/result.py \
	examples/shield.c examples/shield.txt examples/shield.py \
	examples/timeout.c examples/timeout.txt examples/timeout.py \
	examples/to_thread.c examples/to_thread.txt examples/to_thread.py \
	examples/when.c examples/when.txt examples/when.py \
	examples/workers.c examples/workers.txt examples/workers.py
