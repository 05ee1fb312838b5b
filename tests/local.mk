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
