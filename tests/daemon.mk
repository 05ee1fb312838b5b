# tests: daemon
if HAVE_CHECK
DAEMON_CHECKS = \
	tests/check_log \
	tests/check_options \
	tests/check_service
check_PROGRAMS += $(DAEMON_CHECKS)
TESTS += $(DAEMON_CHECKS)

DAEMON_CHECK_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemon -I$(srcdir)/tests
DAEMON_CHECK_LDADD = libevtaskd-objs.la libevtask-ctl-objs.la $(TEST_LIBS)

tests_check_log_SOURCES = tests/check_log.c tests/suite.h
tests_check_log_CPPFLAGS = $(DAEMON_CHECK_CPPFLAGS)
tests_check_log_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_log_LDADD = $(DAEMON_CHECK_LDADD)

tests_check_options_SOURCES = tests/check_options.c tests/suite.h
tests_check_options_CPPFLAGS = $(DAEMON_CHECK_CPPFLAGS)
tests_check_options_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_options_LDADD = $(DAEMON_CHECK_LDADD)

tests_check_service_SOURCES = tests/check_service.c tests/suite.h
tests_check_service_CPPFLAGS = $(DAEMON_CHECK_CPPFLAGS)
tests_check_service_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_service_LDADD = $(DAEMON_CHECK_LDADD)
endif
