# tests: console
CONSOLE_CHECKS = \
	tests/check_address \
	tests/check_catalog \
	tests/check_console \
	tests/check_console_memory \
	tests/check_dispatch \
	tests/check_feed \
	tests/check_glob \
	tests/check_hostile \
	tests/check_index \
	tests/check_job \
	tests/check_job_log \
	tests/check_labels \
	tests/check_listener \
	tests/check_metrics \
	tests/check_observe \
	tests/check_oob \
	tests/check_pace \
	tests/check_page \
	tests/check_protocol \
	tests/check_registry \
	tests/check_render \
	tests/check_request \
	tests/check_ring \
	tests/check_session \
	tests/check_session_output \
	tests/check_settle \
	tests/check_slice \
	tests/check_stacks \
	tests/check_snapshot \
	tests/check_subscription \
	tests/check_view
CONSOLE_LIBS = libevtask-console-objs.la libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS) $(TEST_LIBS)
CONSOLE_FIXTURE = tests/console_fixture.c tests/console_fixture.h \
	tests/console_rows.c
if HAVE_CHECK
check_PROGRAMS += $(CONSOLE_CHECKS)
TESTS += $(CONSOLE_CHECKS)
endif
tests_check_address_SOURCES = tests/check_address.c
tests_check_address_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_address_LDADD = $(CONSOLE_LIBS)
tests_check_catalog_SOURCES = tests/check_catalog.c
tests_check_catalog_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_catalog_LDADD = $(CONSOLE_LIBS)
tests_check_console_SOURCES = tests/check_console.c $(CONSOLE_FIXTURE)
tests_check_console_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_console_LDADD = $(CONSOLE_LIBS)
tests_check_console_memory_SOURCES = tests/check_console_memory.c tests/starve.c tests/starve.h
tests_check_console_memory_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_console_memory_LDADD = $(CONSOLE_LIBS)
tests_check_dispatch_SOURCES = tests/check_dispatch.c $(CONSOLE_FIXTURE)
tests_check_dispatch_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_dispatch_LDADD = $(CONSOLE_LIBS)
tests_check_feed_SOURCES = tests/check_feed.c $(CONSOLE_FIXTURE)
tests_check_feed_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_feed_LDADD = $(CONSOLE_LIBS)
tests_check_glob_SOURCES = tests/check_glob.c
tests_check_glob_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_glob_LDADD = $(CONSOLE_LIBS)
tests_check_hostile_SOURCES = tests/check_hostile.c $(CONSOLE_FIXTURE)
tests_check_hostile_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_hostile_LDADD = $(CONSOLE_LIBS)
tests_check_index_SOURCES = tests/check_index.c
tests_check_index_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_index_LDADD = $(CONSOLE_LIBS)
tests_check_job_SOURCES = tests/check_job.c $(CONSOLE_FIXTURE)
tests_check_job_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_job_LDADD = $(CONSOLE_LIBS)
tests_check_job_log_SOURCES = tests/check_job_log.c
tests_check_job_log_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_job_log_LDADD = $(CONSOLE_LIBS)
tests_check_listener_SOURCES = tests/check_listener.c $(CONSOLE_FIXTURE)
tests_check_listener_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_listener_LDADD = $(CONSOLE_LIBS)
tests_check_oob_SOURCES = tests/check_oob.c
tests_check_oob_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_oob_LDADD = $(CONSOLE_LIBS)
tests_check_observe_SOURCES = tests/check_observe.c $(CONSOLE_FIXTURE)
tests_check_observe_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_observe_LDADD = $(CONSOLE_LIBS)
tests_check_pace_SOURCES = tests/check_pace.c $(CONSOLE_FIXTURE)
tests_check_pace_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_pace_LDADD = $(CONSOLE_LIBS)
tests_check_page_SOURCES = tests/check_page.c
tests_check_page_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_page_LDADD = $(CONSOLE_LIBS)
tests_check_protocol_SOURCES = tests/check_protocol.c $(CONSOLE_FIXTURE)
tests_check_protocol_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_protocol_LDADD = $(CONSOLE_LIBS)
tests_check_registry_SOURCES = tests/check_registry.c $(CONSOLE_FIXTURE)
tests_check_registry_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_registry_LDADD = $(CONSOLE_LIBS)
tests_check_render_SOURCES = tests/check_render.c $(CONSOLE_FIXTURE)
tests_check_render_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_render_LDADD = $(CONSOLE_LIBS)
tests_check_request_SOURCES = tests/check_request.c $(CONSOLE_FIXTURE)
tests_check_request_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_request_LDADD = $(CONSOLE_LIBS)
tests_check_ring_SOURCES = tests/check_ring.c
tests_check_ring_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_ring_LDADD = $(CONSOLE_LIBS)
tests_check_session_SOURCES = tests/check_session.c $(CONSOLE_FIXTURE)
tests_check_session_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_session_LDADD = $(CONSOLE_LIBS)
tests_check_session_output_SOURCES = tests/check_session_output.c \
	$(CONSOLE_FIXTURE)
tests_check_session_output_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_session_output_LDADD = $(CONSOLE_LIBS)
tests_check_settle_SOURCES = tests/check_settle.c $(CONSOLE_FIXTURE)
tests_check_settle_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_settle_LDADD = $(CONSOLE_LIBS)
tests_check_stacks_SOURCES = tests/check_stacks.c
tests_check_stacks_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_stacks_LDADD = $(CONSOLE_LIBS)
tests_check_subscription_SOURCES = tests/check_subscription.c $(CONSOLE_FIXTURE)
tests_check_subscription_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_subscription_LDADD = $(CONSOLE_LIBS)
tests_check_view_SOURCES = tests/check_view.c $(CONSOLE_FIXTURE)
tests_check_view_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_view_LDADD = $(CONSOLE_LIBS)
tests_check_protocol_CPPFLAGS = $(AM_CPPFLAGS) -DTOP_SRCDIR='"$(top_srcdir)"'
EXTRA_DIST += tests/protocol
tests_check_labels_SOURCES = tests/check_labels.c
tests_check_labels_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_labels_LDADD = $(CONSOLE_LIBS)
tests_check_metrics_SOURCES = tests/check_metrics.c $(CONSOLE_FIXTURE)
tests_check_metrics_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_metrics_LDADD = $(CONSOLE_LIBS)
tests_check_slice_SOURCES = tests/check_slice.c $(CONSOLE_FIXTURE)
tests_check_slice_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_slice_LDADD = $(CONSOLE_LIBS)
tests_check_snapshot_SOURCES = tests/check_snapshot.c $(CONSOLE_FIXTURE)
tests_check_snapshot_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_snapshot_LDADD = $(CONSOLE_LIBS)
