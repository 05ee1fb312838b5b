# daemon: evtaskd. All but main.c is a convenience library, so that tests link
# what ships.
noinst_LTLIBRARIES += libevtaskd-objs.la
libevtaskd_objs_la_SOURCES = \
	daemon/log.c daemon/log.h \
	daemon/options.c daemon/options.h \
	daemon/service.c daemon/service.h
libevtaskd_objs_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/daemon
libevtaskd_objs_la_LIBADD =
