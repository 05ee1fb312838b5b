# lib/ctl: json-c and nothing else.
libevtask_ctl_objs_la_SOURCES += \
	lib/ctl/accept.c \
	lib/ctl/args.c \
	lib/ctl/base64.c \
	lib/ctl/call.c \
	lib/ctl/check.c lib/ctl/check.h \
	lib/ctl/client.c \
	lib/ctl/discover.c \
	lib/ctl/duration.c \
	lib/ctl/error.c \
	lib/ctl/event.c \
	lib/ctl/fault.c lib/ctl/fault.h \
	lib/ctl/field_schema.c lib/ctl/field_schema.h \
	lib/ctl/frame.c \
	lib/ctl/line.c \
	lib/ctl/json_schema.c lib/ctl/json_schema.h \
	lib/ctl/member.c lib/ctl/member.h \
	lib/ctl/message.c lib/ctl/message.h \
	lib/ctl/nearest.c \
	lib/ctl/read.c lib/ctl/read.h \
	lib/ctl/rows.h \
	lib/ctl/scan.c lib/ctl/scan.h \
	lib/ctl/schema.c \
	lib/ctl/schema_coroutine.inc lib/ctl/schema_daemon.inc \
	lib/ctl/schema_inspect.inc lib/ctl/schema_loop.inc \
	lib/ctl/schema_metrics.inc lib/ctl/schema_module.inc \
	lib/ctl/schema_output.inc lib/ctl/schema_rpc.inc \
	lib/ctl/schema_sub.inc lib/ctl/schema_task.inc lib/ctl/schema_trace.inc \
	lib/ctl/shape.c \
	lib/ctl/socket.c \
	lib/ctl/text.c lib/ctl/text.h \
	lib/ctl/utf8.c lib/ctl/utf8.h \
	lib/ctl/value.c \
	lib/ctl/write.c \
	lib/ctl/writer.c
libevtask_ctl_objs_la_LIBADD = $(JSONC_LIBS) -lm
