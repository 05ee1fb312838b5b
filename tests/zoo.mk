# tests: the zoo: sick programs, and what inspection says of each.
ZOO_TESTS = \
	tests/zoo/past.sh \
	tests/zoo/blocked.sh \
	tests/zoo/outside.sh \
	tests/zoo/stacks.sh \
	tests/zoo/trace.sh \
	tests/zoo/waits.sh
TESTS += $(ZOO_TESTS)
EXTRA_DIST += $(ZOO_TESTS) tests/zoo/zoo_lib.sh

check_PROGRAMS += tests/zoo/zoo
tests_zoo_zoo_SOURCES = tests/zoo/zoo.c tests/zoo/crew.c tests/zoo/crew.h
tests_zoo_zoo_CFLAGS = $(AM_TEST_CFLAGS)
tests_zoo_zoo_LDADD = libevtask-console.la libevtask.la $(LIBEVENT_LIBS)

# Looking in while tasks die: seconds, and for minutes `make stress`.
check_PROGRAMS += tests/zoo/stress
tests_zoo_stress_SOURCES = tests/zoo/stress.c
tests_zoo_stress_CFLAGS = $(AM_TEST_CFLAGS)
tests_zoo_stress_LDADD = libevtask-console.la libevtask-ctl.la libevtask.la \
	$(JSONC_LIBS) $(LIBEVENT_LIBS)
TESTS += tests/zoo/stress

STRESS_SECONDS = 120
.PHONY: stress
stress: tests/zoo/stress
	tests/zoo/stress $(STRESS_SECONDS) $$$$

check_LTLIBRARIES += tests/zoo/nofp.la
tests_zoo_nofp_la_SOURCES = tests/zoo/nofp.c
tests_zoo_nofp_la_CFLAGS = $(AM_CFLAGS) -O2 -fomit-frame-pointer
tests_zoo_nofp_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-rpath /nowhere
tests_zoo_nofp_la_LIBADD = libevtask.la
