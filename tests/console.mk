# tests: console
CONSOLE_CHECKS = check_address check_catalog check_console \
	check_console_memory check_dispatch check_glob check_index check_job \
	check_job_log check_listener check_observe check_page check_protocol \
	check_registry check_render check_request check_ring check_session \
	check_settle check_subscription check_view
CONSOLE_LIBS = libevtask-console-objs.la libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS) $(TEST_LIBS)
CONSOLE_FIXTURE = tests/console_fixture.c tests/console_fixture.h
if HAVE_CHECK
check_PROGRAMS += $(CONSOLE_CHECKS)
TESTS += $(CONSOLE_CHECKS)
endif
check_address_SOURCES = tests/check_address.c
check_address_CFLAGS = $(AM_TEST_CFLAGS)
check_address_LDADD = $(CONSOLE_LIBS)
check_catalog_SOURCES = tests/check_catalog.c
check_catalog_CFLAGS = $(AM_TEST_CFLAGS)
check_catalog_LDADD = $(CONSOLE_LIBS)
check_console_SOURCES = tests/check_console.c $(CONSOLE_FIXTURE)
check_console_CFLAGS = $(AM_TEST_CFLAGS)
check_console_LDADD = $(CONSOLE_LIBS)
check_console_memory_SOURCES = tests/check_console_memory.c
check_console_memory_CFLAGS = $(AM_TEST_CFLAGS)
check_console_memory_LDADD = $(CONSOLE_LIBS)
check_dispatch_SOURCES = tests/check_dispatch.c $(CONSOLE_FIXTURE)
check_dispatch_CFLAGS = $(AM_TEST_CFLAGS)
check_dispatch_LDADD = $(CONSOLE_LIBS)
check_glob_SOURCES = tests/check_glob.c
check_glob_CFLAGS = $(AM_TEST_CFLAGS)
check_glob_LDADD = $(CONSOLE_LIBS)
check_index_SOURCES = tests/check_index.c
check_index_CFLAGS = $(AM_TEST_CFLAGS)
check_index_LDADD = $(CONSOLE_LIBS)
check_job_SOURCES = tests/check_job.c $(CONSOLE_FIXTURE)
check_job_CFLAGS = $(AM_TEST_CFLAGS)
check_job_LDADD = $(CONSOLE_LIBS)
check_job_log_SOURCES = tests/check_job_log.c
check_job_log_CFLAGS = $(AM_TEST_CFLAGS)
check_job_log_LDADD = $(CONSOLE_LIBS)
check_listener_SOURCES = tests/check_listener.c $(CONSOLE_FIXTURE)
check_listener_CFLAGS = $(AM_TEST_CFLAGS)
check_listener_LDADD = $(CONSOLE_LIBS)
check_observe_SOURCES = tests/check_observe.c $(CONSOLE_FIXTURE)
check_observe_CFLAGS = $(AM_TEST_CFLAGS)
check_observe_LDADD = $(CONSOLE_LIBS)
check_page_SOURCES = tests/check_page.c
check_page_CFLAGS = $(AM_TEST_CFLAGS)
check_page_LDADD = $(CONSOLE_LIBS)
check_protocol_SOURCES = tests/check_protocol.c $(CONSOLE_FIXTURE)
check_protocol_CFLAGS = $(AM_TEST_CFLAGS)
check_protocol_LDADD = $(CONSOLE_LIBS)
check_registry_SOURCES = tests/check_registry.c $(CONSOLE_FIXTURE)
check_registry_CFLAGS = $(AM_TEST_CFLAGS)
check_registry_LDADD = $(CONSOLE_LIBS)
check_render_SOURCES = tests/check_render.c $(CONSOLE_FIXTURE)
check_render_CFLAGS = $(AM_TEST_CFLAGS)
check_render_LDADD = $(CONSOLE_LIBS)
check_request_SOURCES = tests/check_request.c $(CONSOLE_FIXTURE)
check_request_CFLAGS = $(AM_TEST_CFLAGS)
check_request_LDADD = $(CONSOLE_LIBS)
check_ring_SOURCES = tests/check_ring.c
check_ring_CFLAGS = $(AM_TEST_CFLAGS)
check_ring_LDADD = $(CONSOLE_LIBS)
check_session_SOURCES = tests/check_session.c $(CONSOLE_FIXTURE)
check_session_CFLAGS = $(AM_TEST_CFLAGS)
check_session_LDADD = $(CONSOLE_LIBS)
check_settle_SOURCES = tests/check_settle.c $(CONSOLE_FIXTURE)
check_settle_CFLAGS = $(AM_TEST_CFLAGS)
check_settle_LDADD = $(CONSOLE_LIBS)
check_subscription_SOURCES = tests/check_subscription.c $(CONSOLE_FIXTURE)
check_subscription_CFLAGS = $(AM_TEST_CFLAGS)
check_subscription_LDADD = $(CONSOLE_LIBS)
check_view_SOURCES = tests/check_view.c $(CONSOLE_FIXTURE)
check_view_CFLAGS = $(AM_TEST_CFLAGS)
check_view_LDADD = $(CONSOLE_LIBS)
check_protocol_CPPFLAGS = $(AM_CPPFLAGS) -DTOP_SRCDIR='"$(top_srcdir)"'
EXTRA_DIST += tests/protocol

# As in ctl.mk: a replayer of its corpus; "make fuzz-session CC=clang" makes
# the fuzzer, to be run as ./fuzz_session.bin tests/fuzz/corpus/session
check_PROGRAMS += fuzz_session
TESTS += fuzz_session
fuzz_session_SOURCES = tests/fuzz/fuzz_session.c tests/fuzz/fuzz.h tests/fuzz/replay.c
fuzz_session_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"session"'
fuzz_session_LDADD = libevtask-console-objs.la libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS)
