# tests: the scenario language, interpreted on the installed headers alone;
# every trace has to be the one asyncio gives.
check_PROGRAMS += tests/scenario/scenario
tests_scenario_scenario_SOURCES = \
	tests/scenario/block.c \
	tests/scenario/check.c \
	tests/scenario/field.c \
	tests/scenario/main.c \
	tests/scenario/names.c \
	tests/scenario/ops_combine.c \
	tests/scenario/ops_context.c \
	tests/scenario/ops_future.c \
	tests/scenario/ops_scope.c \
	tests/scenario/ops_sync.c \
	tests/scenario/ops_task.c \
	tests/scenario/run.c \
	tests/scenario/scenario.h \
	tests/scenario/trace.c
tests_scenario_scenario_LDADD = libevtask.la $(JSONC_LIBS)
TESTS += tests/scenario/scenario.sh tests/scenario/refused.sh
if !SANITIZER
TESTS += tests/scenario/valgrind.sh
endif
EXTRA_DIST += tests/scenario/scenario.sh tests/scenario/refused.sh \
	tests/scenario/valgrind.sh tests/scenario/cases \
	tests/scenario/generated.jsonl
