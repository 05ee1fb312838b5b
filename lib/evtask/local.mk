# What is installed, and nothing else: one header per noun.
evtaskincludedir = $(includedir)/evtask
evtaskinclude_HEADERS = \
	lib/evtask/as_completed.h \
	lib/evtask/barrier.h \
	lib/evtask/base.h \
	lib/evtask/condition.h \
	lib/evtask/console.h \
	lib/evtask/context.h \
	lib/evtask/ctl.h \
	lib/evtask/ctl_client.h \
	lib/evtask/ctl_message.h \
	lib/evtask/ctl_schema.h \
	lib/evtask/ctl_value.h \
	lib/evtask/debug.h \
	lib/evtask/error.h \
	lib/evtask/event.h \
	lib/evtask/evtask.h \
	lib/evtask/factory.h \
	lib/evtask/future.h \
	lib/evtask/gather.h \
	lib/evtask/group.h \
	lib/evtask/handle.h \
	lib/evtask/inspect.h \
	lib/evtask/inspect_graph.h \
	lib/evtask/inspect_stack.h \
	lib/evtask/inspect_trace.h \
	lib/evtask/inspect_warning.h \
	lib/evtask/io.h \
	lib/evtask/job.h \
	lib/evtask/lock.h \
	lib/evtask/loop.h \
	lib/evtask/process.h \
	lib/evtask/queue.h \
	lib/evtask/remote.h \
	lib/evtask/resolve.h \
	lib/evtask/runner.h \
	lib/evtask/semaphore.h \
	lib/evtask/server.h \
	lib/evtask/shield.h \
	lib/evtask/signal.h \
	lib/evtask/sleep.h \
	lib/evtask/stream.h \
	lib/evtask/task.h \
	lib/evtask/thread.h \
	lib/evtask/timeout.h \
	lib/evtask/value.h \
	lib/evtask/wait.h
