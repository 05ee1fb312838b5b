# tests: ctl
CTL_CHECKS = tests/check_args tests/check_check tests/check_client tests/check_ctl_call \
	tests/check_ctl_memory tests/check_ctl_value tests/check_duration tests/check_frame tests/check_json tests/check_message tests/check_read tests/check_schema tests/check_writer
CTL_LIBS = libevtask-ctl-objs.la $(JSONC_LIBS) $(TEST_LIBS)
if HAVE_CHECK
check_PROGRAMS += $(CTL_CHECKS)
TESTS += $(CTL_CHECKS)
endif
EXTRA_DIST += tests/suite.h tests/json.h tests/json
tests_check_args_SOURCES = tests/check_args.c
tests_check_args_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_args_LDADD = $(CTL_LIBS)
tests_check_check_SOURCES = tests/check_check.c
tests_check_check_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_check_LDADD = $(CTL_LIBS)
tests_check_client_SOURCES = tests/check_client.c
tests_check_client_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_client_LDADD = $(CTL_LIBS)
tests_check_ctl_call_SOURCES = tests/check_ctl_call.c
tests_check_ctl_call_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_ctl_call_LDADD = $(CTL_LIBS)
tests_check_ctl_memory_SOURCES = tests/check_ctl_memory.c tests/starve.c tests/starve.h
tests_check_ctl_memory_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_ctl_memory_LDADD = $(CTL_LIBS)
tests_check_ctl_value_SOURCES = tests/check_ctl_value.c
tests_check_ctl_value_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_ctl_value_LDADD = $(CTL_LIBS)
tests_check_duration_SOURCES = tests/check_duration.c
tests_check_duration_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_duration_LDADD = $(CTL_LIBS)
tests_check_frame_SOURCES = tests/check_frame.c
tests_check_frame_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_frame_LDADD = $(CTL_LIBS)
tests_check_json_SOURCES = tests/check_json.c
tests_check_json_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_json_CPPFLAGS = $(AM_CPPFLAGS) -DTOP_SRCDIR='"$(abs_top_srcdir)"'
tests_check_json_LDADD = $(CTL_LIBS)
tests_check_message_SOURCES = tests/check_message.c
tests_check_message_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_message_LDADD = $(CTL_LIBS)
tests_check_read_SOURCES = tests/check_read.c
tests_check_read_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_read_LDADD = $(CTL_LIBS)
tests_check_schema_SOURCES = tests/check_schema.c
tests_check_schema_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_schema_LDADD = $(CTL_LIBS)
tests_check_writer_SOURCES = tests/check_writer.c
tests_check_writer_CFLAGS = $(AM_TEST_CFLAGS)
tests_check_writer_LDADD = $(CTL_LIBS)
