# The three libraries. Convenience libraries hold the objects, so that tests
# can link what ships without going through the exported names.
noinst_LTLIBRARIES += libevtask-objs.la libevtask-ctl-objs.la libevtask-console-objs.la
libevtask_objs_la_SOURCES =
# Functions begin at cache lines: how fast one is does not depend on how long
# those before it are.
libevtask_objs_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden -fno-semantic-interposition -ftls-model=initial-exec -falign-functions=64
libevtask_ctl_objs_la_SOURCES =
libevtask_ctl_objs_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
libevtask_console_objs_la_SOURCES =
libevtask_console_objs_la_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden

lib_LTLIBRARIES += libevtask.la libevtask-ctl.la libevtask-console.la
libevtask_la_SOURCES =
libevtask_la_LIBADD = libevtask-objs.la $(LIBEVENT_LIBS)
libevtask_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,-Bsymbolic-functions -Wl,--version-script=$(srcdir)/lib/libevtask.map
libevtask_ctl_la_SOURCES =
libevtask_ctl_la_LIBADD = libevtask-ctl-objs.la $(JSONC_LIBS)
libevtask_ctl_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(srcdir)/lib/libevtask-ctl.map
libevtask_console_la_SOURCES =
libevtask_console_la_LIBADD = libevtask-console-objs.la libevtask-ctl.la libevtask.la \
	$(LIBEVENT_LIBS) $(JSONC_LIBS)
libevtask_console_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined \
	-Wl,--version-script=$(srcdir)/lib/libevtask-console.map
EXTRA_DIST += lib/libevtask.map lib/libevtask-ctl.map lib/libevtask-console.map
pkgconfig_DATA += lib/libevtask.pc lib/libevtask-ctl.pc lib/libevtask-console.pc

include lib/evtask/local.mk
include lib/thread/local.mk
include lib/coro/local.mk
include lib/core/local.mk
include lib/wait/local.mk
include lib/sync/local.mk
include lib/io/local.mk
include lib/inspect/local.mk
include lib/ctl/local.mk
include lib/console/local.mk
