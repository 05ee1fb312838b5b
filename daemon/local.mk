# daemon: evtaskd. All but main.c is a convenience library, so that tests link
# what ships.
noinst_LTLIBRARIES += libevtaskd-objs.la
libevtaskd_objs_la_SOURCES = \
	daemon/bridge.c daemon/bridge.h \
	daemon/builtin.c daemon/builtin.h \
	daemon/coroutines/answer.c daemon/coroutines/answer.h \
	daemon/coroutines/coroutines.h \
	daemon/coroutines/ending.c daemon/coroutines/ending.h \
	daemon/coroutines/every.c \
	daemon/coroutines/exec.c \
	daemon/coroutines/gather.c \
	daemon/coroutines/http.c \
	daemon/coroutines/invocation.c daemon/coroutines/invocation.h \
	daemon/coroutines/output.c daemon/coroutines/output.h \
	daemon/coroutines/sleep.c \
	daemon/coroutines/url.c daemon/coroutines/url.h \
	daemon/daemon.c daemon/daemon.h \
	daemon/drain.c daemon/drain.h \
	daemon/dump.c daemon/dump.h \
	daemon/launch.c daemon/launch.h \
	daemon/log.c daemon/log.h \
	daemon/module.c daemon/module.h \
	daemon/module_file.c daemon/module_file.h \
	daemon/options.c daemon/options.h \
	daemon/pipes.c daemon/pipes.h \
	daemon/proc.c daemon/proc.h \
	daemon/reaper.c daemon/reaper.h \
	daemon/service.c daemon/service.h \
	daemon/spawn.c daemon/spawn.h \
	daemon/stall.c daemon/stall.h \
	daemon/tree.c daemon/tree.h
libevtaskd_objs_la_LIBADD =
# A machine that has a switch of its own (configure.ac) has a launch, too.
if SWITCH_X86_64
libevtaskd_objs_la_SOURCES += daemon/launch_x86_64.S
endif
if SWITCH_AARCH64
libevtaskd_objs_la_SOURCES += daemon/launch_aarch64.S
endif
if SWITCH_UCONTEXT
libevtaskd_objs_la_SOURCES += daemon/launch_none.c
endif
evtaskmodulesdir = $(libdir)/evtask/modules
libevtaskd_objs_la_CPPFLAGS = $(AM_CPPFLAGS) -DMODULES_DIR='"$(evtaskmodulesdir)"'

sbin_PROGRAMS += evtaskd
evtaskd_SOURCES = daemon/main.c
evtaskd_LDADD = libevtaskd-objs.la libevtask-console.la libevtask-ctl.la \
	libevtask.la $(JSONC_LIBS)

# The units, with where evtaskd is installed. User and system units have the
# same names, in different folders, so each is made in one of its own.
USER_UNITS = daemon/user/evtaskd.service daemon/user/evtaskd.socket
SYSTEM_UNITS = daemon/system/evtaskd.service daemon/system/evtaskd.socket
systemduserunit_DATA = $(USER_UNITS)
systemdsystemunit_DATA = $(SYSTEM_UNITS)
UNIT_TEMPLATES = $(USER_UNITS:=.in) $(SYSTEM_UNITS:=.in)
EXTRA_DIST += $(UNIT_TEMPLATES)
CLEANFILES += $(USER_UNITS) $(SYSTEM_UNITS)

$(USER_UNITS) $(SYSTEM_UNITS): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(SED) -e 's|@sbindir[@]|$(sbindir)|g' $(srcdir)/$@.in >$@.tmp && \
	mv $@.tmp $@
daemon/user/evtaskd.service: $(srcdir)/daemon/user/evtaskd.service.in
daemon/user/evtaskd.socket: $(srcdir)/daemon/user/evtaskd.socket.in
daemon/system/evtaskd.service: $(srcdir)/daemon/system/evtaskd.service.in
daemon/system/evtaskd.socket: $(srcdir)/daemon/system/evtaskd.socket.in
