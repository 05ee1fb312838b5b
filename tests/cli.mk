# tests: cli
if HAVE_CHECK
CLI_CHECKS = \
	tests/check_blocked \
	tests/check_command \
	tests/check_complete \
	tests/check_generated \
	tests/check_grammar \
	tests/check_names \
	tests/check_table \
	tests/check_tap \
	tests/check_repl \
	tests/check_history \
	tests/check_keeper \
	tests/check_notice \
	tests/check_tab \
	tests/check_tally \
	tests/check_text \
	tests/check_top \
	tests/check_pair \
	tests/check_secret \
	tests/check_words
check_PROGRAMS += $(CLI_CHECKS)
TESTS += $(CLI_CHECKS)

CLI_CHECK_LDADD = libevtask-cli-objs.la $(TEST_LIBS)
CLI_CHECK_CFLAGS = $(AM_TEST_CFLAGS) -D_GNU_SOURCE

tests_check_blocked_SOURCES = tests/check_blocked.c
tests_check_blocked_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_blocked_LDADD = $(CLI_CHECK_LDADD)

tests_check_command_SOURCES = tests/check_command.c tests/suite.h
tests_check_command_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_command_LDADD = $(CLI_CHECK_LDADD)

tests_check_complete_SOURCES = tests/check_complete.c tests/suite.h
tests_check_complete_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_complete_LDADD = $(CLI_CHECK_LDADD)

tests_check_generated_SOURCES = tests/check_generated.c tests/suite.h
tests_check_generated_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_generated_LDADD = $(CLI_CHECK_LDADD)

tests_check_grammar_SOURCES = tests/check_grammar.c tests/suite.h
tests_check_grammar_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_grammar_LDADD = $(CLI_CHECK_LDADD)

tests_check_names_SOURCES = tests/check_names.c tests/suite.h
tests_check_names_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_names_LDADD = $(CLI_CHECK_LDADD)

tests_check_table_SOURCES = tests/check_table.c tests/suite.h
tests_check_table_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_table_LDADD = $(CLI_CHECK_LDADD)

tests_check_tap_SOURCES = tests/check_tap.c tests/suite.h
tests_check_tap_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_tap_LDADD = $(CLI_CHECK_LDADD)

TTY = tests/tty.c tests/tty.h tests/screen.c tests/screen.h tests/suite.h
TTY_LDADD = libevtask-ctl.la $(JSONC_LIBS) $(TEST_LIBS) -lutil

tests_check_repl_SOURCES = tests/check_repl.c $(TTY)
tests_check_repl_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_repl_LDADD = $(TTY_LDADD)

tests_check_history_SOURCES = tests/check_history.c $(TTY)
tests_check_history_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_history_LDADD = $(TTY_LDADD)

tests_check_keeper_SOURCES = tests/check_keeper.c $(TTY)
tests_check_keeper_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_keeper_LDADD = $(TTY_LDADD)

tests_check_notice_SOURCES = tests/check_notice.c $(TTY)
tests_check_notice_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_notice_LDADD = $(TTY_LDADD)

tests_check_tab_SOURCES = tests/check_tab.c $(TTY)
tests_check_tab_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_tab_LDADD = $(TTY_LDADD)

tests_check_top_SOURCES = tests/check_top.c $(TTY)
tests_check_top_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_top_LDADD = $(TTY_LDADD)

tests_check_tally_SOURCES = tests/check_tally.c tests/suite.h
tests_check_tally_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_tally_LDADD = $(CLI_CHECK_LDADD)
tests_check_text_SOURCES = tests/check_text.c tests/suite.h
tests_check_text_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_text_LDADD = $(CLI_CHECK_LDADD)

tests_check_pair_SOURCES = tests/check_pair.c tests/suite.h
tests_check_pair_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_pair_LDADD = $(CLI_CHECK_LDADD)

tests_check_secret_SOURCES = tests/check_secret.c tests/suite.h
tests_check_secret_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_secret_LDADD = $(CLI_CHECK_LDADD)

tests_check_words_SOURCES = tests/check_words.c tests/suite.h
tests_check_words_CFLAGS = $(CLI_CHECK_CFLAGS)
tests_check_words_LDADD = $(CLI_CHECK_LDADD)
endif

# What ships, against a daemon.
CLI_E2E = \
	tests/e2e/cli_bad.sh \
	tests/e2e/cli_completion.sh \
	tests/e2e/cli_run.sh \
	tests/e2e/cli_script.sh \
	tests/e2e/cli_verbs.sh
TESTS += $(CLI_E2E)
EXTRA_DIST += $(CLI_E2E) tests/e2e/cli_lib.sh
