# tests: sync, and what wait adds to tasks: by the objects, as core.mk.
SYNC_CHECKS = \
	tests/check_as_completed \
	tests/check_barrier \
	tests/check_condition \
	tests/check_context \
	tests/check_event \
	tests/check_group \
	tests/check_lock \
	tests/check_queue \
	tests/check_semaphore \
	tests/check_shield \
	tests/check_sync
if HAVE_CHECK
check_PROGRAMS += $(SYNC_CHECKS)
TESTS += $(SYNC_CHECKS)
endif
tests_check_as_completed_CFLAGS = $(core_cflags)
tests_check_as_completed_LDADD = $(core_libs)
tests_check_barrier_CFLAGS = $(core_cflags)
tests_check_barrier_LDADD = $(core_libs)
tests_check_condition_CFLAGS = $(core_cflags)
tests_check_condition_LDADD = $(core_libs)
tests_check_context_CFLAGS = $(core_cflags)
tests_check_context_LDADD = $(core_libs)
tests_check_event_CFLAGS = $(core_cflags)
tests_check_event_LDADD = $(core_libs)
tests_check_group_CFLAGS = $(core_cflags)
tests_check_group_LDADD = $(core_libs)
tests_check_lock_CFLAGS = $(core_cflags)
tests_check_lock_LDADD = $(core_libs)
tests_check_queue_CFLAGS = $(core_cflags)
tests_check_queue_LDADD = $(core_libs)
tests_check_semaphore_CFLAGS = $(core_cflags)
tests_check_semaphore_LDADD = $(core_libs)
tests_check_shield_CFLAGS = $(core_cflags)
tests_check_shield_LDADD = $(core_libs)
tests_check_sync_CFLAGS = $(core_cflags)
tests_check_sync_LDADD = $(core_libs)
