# tests: the zoo: sick programs, and what inspection says of each.
ZOO_TESTS = \
	tests/zoo/waits.sh
TESTS += $(ZOO_TESTS)
EXTRA_DIST += $(ZOO_TESTS) tests/zoo/zoo_lib.sh

check_PROGRAMS += tests/zoo/zoo
tests_zoo_zoo_SOURCES = tests/zoo/zoo.c
tests_zoo_zoo_LDADD = libevtask-console.la libevtask.la $(LIBEVENT_LIBS)
