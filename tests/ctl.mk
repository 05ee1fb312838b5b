# tests: ctl
CTL_CHECKS = check_args check_check check_client check_ctl_call \
	check_ctl_memory check_ctl_value check_duration check_frame check_message check_read check_schema
CTL_LIBS = libevtask-ctl-objs.la $(JSONC_LIBS) $(TEST_LIBS)
if HAVE_CHECK
check_PROGRAMS += $(CTL_CHECKS)
TESTS += $(CTL_CHECKS)
endif
EXTRA_DIST += tests/suite.h tests/json.h
check_args_SOURCES = tests/check_args.c
check_args_CFLAGS = $(AM_TEST_CFLAGS)
check_args_LDADD = $(CTL_LIBS)
check_check_SOURCES = tests/check_check.c
check_check_CFLAGS = $(AM_TEST_CFLAGS)
check_check_LDADD = $(CTL_LIBS)
check_client_SOURCES = tests/check_client.c
check_client_CFLAGS = $(AM_TEST_CFLAGS)
check_client_LDADD = $(CTL_LIBS)
check_ctl_call_SOURCES = tests/check_ctl_call.c
check_ctl_call_CFLAGS = $(AM_TEST_CFLAGS)
check_ctl_call_LDADD = $(CTL_LIBS)
check_ctl_memory_SOURCES = tests/check_ctl_memory.c
check_ctl_memory_CFLAGS = $(AM_TEST_CFLAGS)
check_ctl_memory_LDADD = $(CTL_LIBS)
check_ctl_value_SOURCES = tests/check_ctl_value.c
check_ctl_value_CFLAGS = $(AM_TEST_CFLAGS)
check_ctl_value_LDADD = $(CTL_LIBS)
check_duration_SOURCES = tests/check_duration.c
check_duration_CFLAGS = $(AM_TEST_CFLAGS)
check_duration_LDADD = $(CTL_LIBS)
check_frame_SOURCES = tests/check_frame.c
check_frame_CFLAGS = $(AM_TEST_CFLAGS)
check_frame_LDADD = $(CTL_LIBS)
check_message_SOURCES = tests/check_message.c
check_message_CFLAGS = $(AM_TEST_CFLAGS)
check_message_LDADD = $(CTL_LIBS)
check_read_SOURCES = tests/check_read.c
check_read_CFLAGS = $(AM_TEST_CFLAGS)
check_read_LDADD = $(CTL_LIBS)
check_schema_SOURCES = tests/check_schema.c
check_schema_CFLAGS = $(AM_TEST_CFLAGS)
check_schema_LDADD = $(CTL_LIBS)

# Fuzz targets. In "make check" each replays its corpus; "make fuzz CC=clang"
# builds them with libFuzzer, to be run as ./fuzz_frame.bin tests/fuzz/corpus/frame
CTL_FUZZ = fuzz_check fuzz_frame fuzz_message
check_PROGRAMS += $(CTL_FUZZ)
TESTS += $(CTL_FUZZ)
EXTRA_DIST += tests/fuzz/corpus
fuzz_check_SOURCES = tests/fuzz/fuzz_check.c tests/fuzz/fuzz.h tests/fuzz/replay.c
fuzz_check_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"check"'
fuzz_check_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c tests/fuzz/fuzz.h tests/fuzz/replay.c
fuzz_frame_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"frame"'
fuzz_frame_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
fuzz_message_SOURCES = tests/fuzz/fuzz_message.c tests/fuzz/fuzz.h tests/fuzz/replay.c
fuzz_message_CPPFLAGS = $(AM_CPPFLAGS) -DCORPUS='"message"'
fuzz_message_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)

fuzz:
	for target in $(CTL_FUZZ); do \
		$(CC) -g -O1 -fsanitize=fuzzer,address,undefined -std=gnu11 \
		    $(AM_CPPFLAGS) $(JSONC_CFLAGS) -o $$target.bin \
		    $(srcdir)/tests/fuzz/$$target.c $(srcdir)/lib/ctl/*.c \
		    $(JSONC_LIBS) -lm || exit 1; \
	done
.PHONY: fuzz
CLEANFILES += fuzz_check.bin fuzz_frame.bin fuzz_message.bin
