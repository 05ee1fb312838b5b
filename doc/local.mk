# doc: manual pages. Those with tables in them are written at build time, by a
# program that links the tables: a page cannot say what the program does not.
noinst_PROGRAMS += doc/protocol
EXTRA_DIST += doc/evtask-protocol.7.in
doc_protocol_SOURCES = doc/protocol.c doc/page.c doc/page.h
doc_protocol_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)

BUILT_PAGES = doc/evtask-protocol.7
man_MANS = $(BUILT_PAGES)
CLEANFILES += $(BUILT_PAGES)

doc/evtask-protocol.7: doc/protocol$(EXEEXT) $(srcdir)/doc/evtask-protocol.7.in
	$(AM_V_GEN)$(MKDIR_P) doc && \
	doc/protocol$(EXEEXT) <$(srcdir)/doc/evtask-protocol.7.in >$@.tmp && \
	mv $@.tmp $@
