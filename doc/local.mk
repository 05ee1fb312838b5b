# doc: manual pages. Those with tables in them are written at build time, by a
# program that links the tables: a page cannot say what the program does not.
# When cross-building that program has to run here, by an emulator.
noinst_PROGRAMS += doc/protocol doc/verbs
doc_protocol_SOURCES = doc/protocol.c doc/page.c doc/page.h
doc_protocol_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
doc_verbs_SOURCES = doc/verbs.c doc/page.c doc/page.h
doc_verbs_LDADD = libevtask-cli-objs.la libevtask-ctl.la

BUILT_PAGES = doc/evtask.1 doc/evtask-protocol.7
man_MANS = $(BUILT_PAGES)
dist_man_MANS += doc/evtaskd.8
EXTRA_DIST += doc/evtask.1.in doc/evtask-protocol.7.in
CLEANFILES += $(BUILT_PAGES)

doc/evtask.1: doc/verbs$(EXEEXT) $(srcdir)/doc/evtask.1.in
	$(AM_V_GEN)doc/verbs$(EXEEXT) <$(srcdir)/doc/evtask.1.in >$@.tmp && \
	mv $@.tmp $@
doc/evtask-protocol.7: doc/protocol$(EXEEXT) $(srcdir)/doc/evtask-protocol.7.in
	$(AM_V_GEN)doc/protocol$(EXEEXT) <$(srcdir)/doc/evtask-protocol.7.in \
		>$@.tmp && mv $@.tmp $@

# How it works inside, for readers of the source.
EXTRA_DIST += \
	doc/internals/01-the-house.md \
	doc/internals/02-stacks-and-switching.md \
	doc/internals/03-a-turn-of-the-loop.md \
	doc/internals/04-futures-and-tasks.md \
	doc/internals/05-cancellation.md \
	doc/internals/06-the-console.md \
	doc/internals/07-exec.md
