# tests: end to end: what ships, driven from the outside. lib.sh and probe.c
# are shared; a test is a script and a line here.
E2E_TESTS = \
	tests/e2e/bridge.sh \
	tests/e2e/build.sh \
	tests/e2e/cookbook.sh \
	tests/e2e/examples.sh \
	tests/e2e/exec.sh \
	tests/e2e/full.sh \
	tests/e2e/install.sh \
	tests/e2e/module.sh \
	tests/e2e/plain.sh \
	tests/e2e/quickstart.sh \
	tests/e2e/readme.sh \
	tests/e2e/service.sh \
	tests/e2e/shutdown.sh \
	tests/e2e/soak.sh \
	tests/e2e/ssh.sh \
	tests/e2e/start.sh \
	tests/e2e/tree.sh
TESTS += $(E2E_TESTS)

# Installing links the libraries anew where they lie: all others come before.
tests/e2e/install.log: $(TEST_LOGS:tests/e2e/install.log=)
EXTRA_DIST += $(E2E_TESTS) tests/e2e/lib.sh tests/e2e/document.sh doc/cookbook.md

check_PROGRAMS += tests/e2e/probe tests/e2e/crowd tests/e2e/full \
	tests/e2e/soak
tests_e2e_probe_SOURCES = tests/e2e/probe.c
tests_e2e_probe_LDADD = libevtask-ctl.la $(JSONC_LIBS)
tests_e2e_crowd_SOURCES = tests/e2e/crowd.c
tests_e2e_crowd_LDADD = libevtask-console.la libevtask.la $(LIBEVENT_LIBS)
tests_e2e_full_SOURCES = tests/e2e/full.c
tests_e2e_full_LDADD = libevtask-ctl.la $(JSONC_LIBS)
tests_e2e_soak_SOURCES = tests/e2e/soak.c
tests_e2e_soak_LDADD = libevtask-ctl.la $(JSONC_LIBS)

# Ten minutes of random clients.
soak: tests/e2e/soak tests/e2e/probe evtaskd
	SOAK_SECONDS=$${SOAK_SECONDS:-600} top_srcdir='$(abs_top_srcdir)' \
	    top_builddir='$(abs_top_builddir)' \
	    nice -n 19 $(SHELL) $(srcdir)/tests/e2e/soak.sh
.PHONY: soak
