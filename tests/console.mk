# tests: console
CONSOLE_CHECKS = check_console
CONSOLE_LIBS = libevtask-console-objs.la libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS) $(TEST_LIBS)
CONSOLE_FIXTURE = tests/console_fixture.c tests/console_fixture.h
if HAVE_CHECK
check_PROGRAMS += $(CONSOLE_CHECKS)
TESTS += $(CONSOLE_CHECKS)
endif
check_console_SOURCES = tests/check_console.c $(CONSOLE_FIXTURE)
check_console_CFLAGS = $(AM_TEST_CFLAGS)
check_console_LDADD = $(CONSOLE_LIBS)
