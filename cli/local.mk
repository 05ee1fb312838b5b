# cli: the program evtask. All but its main() is a library the tests link, too.
noinst_LTLIBRARIES += libevtask-cli-objs.la
libevtask_cli_objs_la_SOURCES = \
	cli/again.c cli/again.h \
	cli/ask.c \
	cli/cli.c cli/cli.h \
	cli/columns.c cli/columns.h \
	cli/command.c cli/command.h \
	cli/command_inspect.inc cli/command_self.inc \
	cli/command_server.inc cli/command_task.inc \
	cli/complete.c cli/complete.h \
	cli/counts.c cli/counts.h \
	cli/create.c cli/create.h \
	cli/each.c cli/each.h \
	cli/details.c cli/details.h \
	cli/editor.c cli/editor.h \
	cli/ending.c cli/ending.h \
	cli/exits.c cli/exits.h \
	cli/blocked.c cli/blocked.h \
	cli/bridge.c \
	cli/canvas.c cli/canvas.h \
	cli/explain.c cli/explain.h \
	cli/field.c cli/field.h \
	cli/file.c cli/file.h \
	cli/ghost.c cli/ghost.h \
	cli/generated.c cli/generated.h \
	cli/generated_example.c \
	cli/grammar.c cli/grammar.h \
	cli/help.c cli/help.h \
	cli/hint.c cli/hint.h \
	cli/history.c cli/history.h \
	cli/keeper.c cli/keeper.h \
	cli/names.c cli/names.h \
	cli/news.c cli/news.h \
	cli/notice.c cli/notice.h \
	cli/out.c cli/out.h \
	cli/output.c cli/output.h \
	cli/outside.h \
	cli/pager.c cli/pager.h \
	cli/pages.c cli/pages.h \
	cli/past.c cli/past.h \
	cli/past_graph.c \
	cli/past_view.c cli/past_view.h \
	cli/picture.c cli/picture.h \
	cli/place.c cli/place.h \
	cli/prompt.c cli/prompt.h \
	cli/remote.c cli/remote.h \
	cli/recorded.c cli/recorded.h \
	cli/render.h \
	cli/render_coroutine.c \
	cli/render_graph.c \
	cli/render_module.c \
	cli/render_stack.c \
	cli/render_task.c \
	cli/render_tree.c \
	cli/render_value.c \
	cli/render_wait.c \
	cli/repl.c cli/repl.h \
	cli/rows.c cli/rows.h \
	cli/run.c \
	cli/script.c cli/script.h \
	cli/secret.c cli/secret.h \
	cli/settings.c cli/settings.h \
	cli/ssh.c cli/ssh.h \
	cli/stacks.c cli/stacks.h \
	cli/stream.c cli/stream.h \
	cli/tab.c cli/tab.h \
	cli/tap.c cli/tap.h \
	cli/table.c cli/table.h \
	cli/terminal.c cli/terminal.h \
	cli/source.h \
	cli/tally.c cli/tally.h \
	cli/text.c cli/text.h \
	cli/top.c cli/top.h \
	cli/top_list.c cli/top_list.h \
	cli/top_screen.c \
	cli/pair.c cli/pair.h \
	cli/typed.c cli/typed.h \
	cli/usage.c \
	cli/verbs.h \
	cli/walk.c cli/walk.h \
	cli/watch.c \
	cli/wire.c cli/wire.h \
	cli/verbs_complete.c \
	cli/verbs_generated.c \
	cli/verbs_inspect.c \
	cli/verbs_list.c \
	cli/verbs_loop.c \
	cli/verbs_logs.c \
	cli/verbs_module.c \
	cli/verbs_output.c \
	cli/verbs_past.c \
	cli/verbs_top.c \
	cli/verbs_server.c \
	cli/verbs_task.c \
	cli/verbs_trace.c \
	cli/words.c cli/words.h
if HAVE_LIBDW
libevtask_cli_objs_la_SOURCES += cli/source_dw.c \
	cli/outside.c \
	cli/outside/awaits.c cli/outside/awaits.h \
	cli/outside/frames.c cli/outside/frames.h \
	cli/outside/layout.c cli/outside/layout.h \
	cli/outside/pages.c cli/outside/pages.h \
	cli/outside/target.c cli/outside/target.h \
	cli/outside/tasks.c cli/outside/tasks.h
else
libevtask_cli_objs_la_SOURCES += cli/source_none.c cli/outside_none.c
endif
EXTRA_DIST += cli/source_dw.c cli/source_none.c cli/outside.c \
	cli/outside_none.c cli/outside/awaits.c cli/outside/awaits.h \
	cli/outside/frames.c cli/outside/frames.h \
	cli/outside/layout.c cli/outside/layout.h cli/outside/pages.c \
	cli/outside/pages.h cli/outside/target.c cli/outside/target.h \
	cli/outside/tasks.c cli/outside/tasks.h
nodist_libevtask_cli_objs_la_SOURCES = cli/completions.h
libevtask_cli_objs_la_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE \
	-I$(top_builddir)/cli -I$(srcdir)/cli
libevtask_cli_objs_la_CFLAGS = $(AM_CFLAGS) $(READLINE_CFLAGS) $(LIBDW_CFLAGS)
libevtask_cli_objs_la_LIBADD = libevtask.la libevtask-ctl.la $(JSONC_LIBS) \
	$(READLINE_LIBS) $(LIBDW_LIBS)

bin_PROGRAMS += evtask
evtask_SOURCES = cli/main.c
evtask_LDADD = libevtask-cli-objs.la

# The shells' scripts: installed where each looks, and printed by
# "evtask completion", from one copy.
COMPLETIONS = completions/evtask.bash completions/_evtask \
	completions/evtask.fish
BUILT_SOURCES += cli/completions.h
CLEANFILES += cli/completions.h
cli/completions.h: $(COMPLETIONS)
	$(AM_V_GEN)$(MKDIR_P) cli && { \
	for f in bash:evtask.bash zsh:_evtask fish:evtask.fish; do \
		echo "static const char completions_$${f%%:*}[] ="; \
		$(SED) -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/	"/' \
			-e 's/$$/\\n"/' $(top_srcdir)/completions/$${f#*:}; \
		echo '	;'; \
	done; } >$@.tmp && mv $@.tmp $@

$(libevtask_cli_objs_la_OBJECTS): cli/completions.h

# What gdb is told about tasks.
evtaskdatadir = $(datadir)/evtask
dist_evtaskdata_DATA = gdb/evtask-gdb.py

bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = completions/evtask.bash
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = completions/_evtask
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = completions/evtask.fish
