# tests: fuzz targets. In "make check" each replays its corpus, a test a file.
# "scripts/fuzz" builds them with a fuzzer, by --enable-fuzzers, and lets each
# look for more.
FUZZ_TARGETS = \
	tests/fuzz/fuzz_check \
	tests/fuzz/fuzz_clients \
	tests/fuzz/fuzz_frame \
	tests/fuzz/fuzz_line \
	tests/fuzz/fuzz_message \
	tests/fuzz/fuzz_session
check_PROGRAMS += $(FUZZ_TARGETS)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/protocol.dict

if FUZZERS
# The fuzzer brings its own main().
FUZZ_MAIN = tests/fuzz/fuzz.h
LDFLAGS_FUZZ = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/fuzz.h tests/fuzz/replay.c
LDFLAGS_FUZZ = $(AM_LDFLAGS)
TESTS += $(FUZZ_TARGETS)
endif

# What a whole server is fuzzed by. A stage has its own clock: stage.c.
FUZZ_STAGE = tests/fuzz/compose.c tests/fuzz/compose.h \
	tests/fuzz/stage.c tests/fuzz/stage.h \
	tests/fuzz/stage_output.c tests/fuzz/stage_output.h
LDFLAGS_STAGE = $(LDFLAGS_FUZZ) -Wl,--wrap=clock_gettime

fuzzers: $(FUZZ_TARGETS)
.PHONY: fuzzers

# All corpora and nothing else; a source of this name is not built alone.
tests/fuzz/replay: $(FUZZ_TARGETS)
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(FUZZ_TARGETS)'
.PHONY: tests/fuzz/replay

tests_fuzz_fuzz_check_SOURCES = tests/fuzz/fuzz_check.c $(FUZZ_MAIN)
tests_fuzz_fuzz_check_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"check"'
tests_fuzz_fuzz_check_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_check_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
tests_fuzz_fuzz_clients_SOURCES = tests/fuzz/fuzz_clients.c \
	$(FUZZ_STAGE) $(FUZZ_MAIN)
tests_fuzz_fuzz_clients_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"clients"'
tests_fuzz_fuzz_clients_LDFLAGS = $(LDFLAGS_STAGE)
tests_fuzz_fuzz_clients_LDADD = libevtask-console-objs.la libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS)
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c $(FUZZ_MAIN)
tests_fuzz_fuzz_frame_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"frame"'
tests_fuzz_fuzz_frame_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_frame_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
tests_fuzz_fuzz_line_SOURCES = tests/fuzz/fuzz_line.c $(FUZZ_MAIN)
tests_fuzz_fuzz_line_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"line"'
tests_fuzz_fuzz_line_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_line_LDADD = libevtask-cli-objs.la $(JSONC_LIBS)
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c $(FUZZ_MAIN)
tests_fuzz_fuzz_message_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"message"'
tests_fuzz_fuzz_message_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_fuzz_message_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
tests_fuzz_fuzz_session_SOURCES = tests/fuzz/fuzz_session.c tests/fuzz/mutate.c \
	$(FUZZ_STAGE) $(FUZZ_MAIN)
tests_fuzz_fuzz_session_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"session"'
tests_fuzz_fuzz_session_LDFLAGS = $(LDFLAGS_STAGE)
tests_fuzz_fuzz_session_LDADD = libevtask-console-objs.la libevtask-ctl-objs.la libevtask-objs.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS)
