# doc: manual pages. Those with tables in them are written at build time, by a
# program that links the tables: a page cannot say what the program does not.
noinst_PROGRAMS += doc/protocol
EXTRA_DIST += doc/evtask-protocol.7.in
doc_protocol_SOURCES = doc/protocol.c doc/page.c doc/page.h
doc_protocol_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)

BUILT_PAGES = doc/evtask-protocol.7
man_MANS = $(BUILT_PAGES)
dist_man_MANS += doc/evtaskd.8
CLEANFILES += $(BUILT_PAGES)

doc/evtask-protocol.7: doc/protocol$(EXEEXT) $(srcdir)/doc/evtask-protocol.7.in
	$(AM_V_GEN)$(MKDIR_P) doc && \
	doc/protocol$(EXEEXT) <$(srcdir)/doc/evtask-protocol.7.in >$@.tmp && \
	mv $@.tmp $@

# How it works inside, for readers of the source.
EXTRA_DIST += \
	doc/internals/01-the-house.md \
	doc/internals/02-stacks-and-switching.md \
	doc/internals/03-a-turn-of-the-loop.md \
	doc/internals/04-futures-and-tasks.md \
	doc/internals/05-cancellation.md
