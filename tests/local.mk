# One check program per source file, named after it; e2e/ drives what ships.
# Each area keeps its own list.
TEST_LIBS = $(CHECK_LIBS)
# What calls shall be seen on the stack, whatever the optimisation.
AM_TEST_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) -fno-optimize-sibling-calls
include tests/core.mk
include tests/sync.mk
include tests/ctl.mk
include tests/console.mk
include tests/daemon.mk
include tests/cli.mk
include tests/scenario.mk
include tests/e2e.mk
include tests/zoo.mk
include tests/doc.mk
include tests/fuzz.mk

EXTRA_DIST += tests/tap.sh

# A test is run by these, one in the other, before a shell where it is a script.
SANITIZED =
if SANITIZER
SANITIZED += $(SHELL) $(srcdir)/tests/sanitized $(abs_top_builddir)/$(@:.log=)
endif
EXTRA_DIST += tests/sanitized tests/without_inspection
LOG_COMPILER = $(SANITIZED)
SH_LOG_COMPILER = $(LOG_COMPILER) $(SHELL)

# Without inspection there is no console, nor what stands on one.
if !INSPECTION
NEED_CONSOLE = $(CONSOLE_CHECKS) $(DAEMON_CHECKS) $(CLI_E2E) $(E2E_TESTS) \
	$(ZOO_TESTS) $(FUZZ_TARGETS) tests/zoo/stress tests/check_session.sh \
	tests/check_tour.sh tests/check_client tests/check_asyncio.sh
LOG_COMPILER += $(SHELL) $(srcdir)/tests/without_inspection '$(NEED_CONSOLE)'
endif
