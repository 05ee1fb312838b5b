# examples: built by "make check" against the headers and libraries that are
# installed, and run by tests/e2e.
check_PROGRAMS += examples/hello examples/embedded
examples_hello_LDADD = libevtask.la
examples_embedded_LDADD = libevtask-console.la libevtask.la $(LIBEVENT_LIBS)
check_PROGRAMS += examples/client
examples_client_LDADD = libevtask-ctl.la $(JSONC_LIBS)
EXTRA_DIST += examples/client.py
