# doc: manual pages. Those with tables in them are written at build time, by a
# program that links the tables: a page cannot say what the program does not.
# When cross-building that program has to run here, by an emulator.
noinst_PROGRAMS += doc/protocol doc/verbs
doc_protocol_SOURCES = doc/protocol.c doc/page.c doc/page.h
doc_protocol_LDADD = libevtask-ctl-objs.la $(JSONC_LIBS)
doc_verbs_SOURCES = doc/verbs.c doc/page.c doc/page.h
doc_verbs_LDADD = libevtask-cli-objs.la libevtask-ctl.la

BUILT_PAGES = doc/evtask.1 doc/evtask.3 doc/evtask-protocol.7
man_MANS = $(BUILT_PAGES)
dist_man_MANS += doc/evtaskd.8
EXTRA_DIST += doc/evtask.1.in doc/evtask.3.in doc/evtask-protocol.7.in
CLEANFILES += $(BUILT_PAGES)

doc/evtask.1: doc/verbs$(EXEEXT) $(srcdir)/doc/evtask.1.in
	$(AM_V_GEN)doc/verbs$(EXEEXT) <$(srcdir)/doc/evtask.1.in >$@.tmp && \
	mv $@.tmp $@
doc/evtask-protocol.7: doc/protocol$(EXEEXT) $(srcdir)/doc/evtask-protocol.7.in
	$(AM_V_GEN)doc/protocol$(EXEEXT) <$(srcdir)/doc/evtask-protocol.7.in \
		>$@.tmp && mv $@.tmp $@

# evtask(3): the model, each name of asyncio, and the pages there are.
EXTRA_DIST += doc/overview.awk doc/asyncio.table
OVERVIEW_TABLES = $(srcdir)/doc/asyncio.table $(SECTION_3)/index
doc/evtask.3: doc/overview.awk doc/mdoc.awk doc/asyncio.table \
		doc/evtask.3.in $(SECTION_3)/stamp
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/doc/overview.awk \
		-f $(srcdir)/doc/mdoc.awk -v out=$@.tmp \
		-v docdir="$(docdir)" $(OVERVIEW_TABLES) \
		$(srcdir)/doc/evtask.3.in && mv $@.tmp $@

# Section 3: a page for each public header, written from its comments, and for
# each name in them a page that leads there. Which there are only the headers
# know, so they are not named here.
SECTION_3 = doc/man3
EXTRA_DIST += doc/header.awk doc/mdoc.awk

all-local: $(SECTION_3)/stamp
$(SECTION_3)/stamp: $(evtaskinclude_HEADERS) doc/header.awk doc/mdoc.awk
	$(AM_V_GEN)rm -rf $(SECTION_3) && $(MKDIR_P) $(SECTION_3) && \
	(cd $(srcdir) && LC_ALL=C $(AWK) -f doc/header.awk -f doc/mdoc.awk \
		-v dir="$(abs_builddir)/$(SECTION_3)" -v date="$(MANUAL_DATE)" \
		$(evtaskinclude_HEADERS)) >$@.tmp && \
	LC_ALL=C sort -t '	' -k2,2 -k1,1 -o $(SECTION_3)/index $(SECTION_3)/index && \
	mv $@.tmp $@
MANUAL_DATE = November 23, 2026

install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(man3dir)"
	$(INSTALL_DATA) $(SECTION_3)/*.3 "$(DESTDIR)$(man3dir)"
uninstall-local:
	cd $(SECTION_3) && for page in *.3; do \
		rm -f "$(DESTDIR)$(man3dir)/$$page"; done
clean-local:
	rm -rf $(SECTION_3)

# asyncio programs and their C twins; the programs are in examples.
dist_doc_DATA = README.md doc/cookbook.md doc/tour.md

# How it works inside, for readers of the source.
EXTRA_DIST += \
	doc/internals/01-the-house.md \
	doc/internals/02-stacks-and-switching.md \
	doc/internals/03-a-turn-of-the-loop.md \
	doc/internals/04-futures-and-tasks.md \
	doc/internals/05-cancellation.md \
	doc/internals/06-the-console.md \
	doc/internals/07-exec.md \
	doc/internals/08-looking-in.md
