# tests: daemon. They link the objects of every floor, so that what is private
# can be checked.
DAEMON_CHECKS = \
	tests/check_invocation \
	tests/check_drain \
	tests/check_every \
	tests/check_exec \
	tests/check_exec_memory \
	tests/check_gather_job \
	tests/check_http \
	tests/check_log \
	tests/check_stall \
	tests/check_options \
	tests/check_proc \
	tests/check_reaper \
	tests/check_builtin \
	tests/check_service \
	tests/check_spawn \
	tests/check_tree
DAEMON_LIBS = libevtaskd-objs.la libevtask-console-objs.la \
	libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS) $(TEST_LIBS)
if HAVE_CHECK
check_PROGRAMS += $(DAEMON_CHECKS)
TESTS += $(DAEMON_CHECKS)
endif

tests_check_invocation_SOURCES = tests/check_invocation.c
tests_check_invocation_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_invocation_LDADD = $(DAEMON_LIBS)

tests_check_exec_SOURCES = tests/check_exec.c tests/children.h
tests_check_exec_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_exec_LDADD = $(DAEMON_LIBS)
tests_check_exec_memory_SOURCES = tests/check_exec_memory.c tests/jobs.h \
	tests/starve.c tests/starve.h
tests_check_exec_memory_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_exec_memory_LDADD = $(DAEMON_LIBS)

tests_check_stall_SOURCES = tests/check_stall.c
tests_check_stall_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_stall_LDADD = $(DAEMON_LIBS)
tests_check_log_SOURCES = tests/check_log.c
tests_check_log_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_log_LDADD = $(DAEMON_LIBS)

tests_check_options_SOURCES = tests/check_options.c
tests_check_options_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_options_LDADD = $(DAEMON_LIBS)

tests_check_proc_SOURCES = tests/check_proc.c tests/children.h
tests_check_proc_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_proc_LDADD = $(DAEMON_LIBS)

tests_check_reaper_SOURCES = tests/check_reaper.c tests/children.h
tests_check_reaper_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_reaper_LDADD = $(DAEMON_LIBS)

tests_check_service_SOURCES = tests/check_service.c
tests_check_service_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_service_LDADD = $(DAEMON_LIBS)

tests_check_spawn_SOURCES = tests/check_spawn.c tests/children.h
tests_check_spawn_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_spawn_LDADD = $(DAEMON_LIBS)

tests_check_tree_SOURCES = tests/check_tree.c tests/children.h
tests_check_tree_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_tree_LDADD = $(DAEMON_LIBS)

tests_check_drain_SOURCES = tests/check_drain.c
tests_check_drain_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_drain_LDADD = $(DAEMON_LIBS)

tests_check_builtin_SOURCES = tests/check_builtin.c
tests_check_builtin_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_builtin_LDADD = $(DAEMON_LIBS)

tests_check_every_SOURCES = tests/check_every.c tests/jobs.h
tests_check_every_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_every_LDADD = $(DAEMON_LIBS)

tests_check_gather_job_SOURCES = tests/check_gather_job.c tests/jobs.h
tests_check_gather_job_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_gather_job_LDADD = $(DAEMON_LIBS)

tests_check_http_SOURCES = tests/check_http.c tests/jobs.h
tests_check_http_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_http_LDADD = $(DAEMON_LIBS)
