# tests: coro, core, wait, io, inspect: what stands on libevent alone. They link
# the objects and not the library, to reach what it hides.
CORE_CHECKS = \
	tests/check_reserve \
	tests/check_room \
	tests/check_stack \
	tests/check_coro \
	tests/check_ready \
	tests/check_slab \
	tests/check_overflow \
	tests/check_trim \
	tests/check_crowd \
	tests/check_timers \
	tests/check_timers_course \
	tests/check_timers_memory \
	tests/check_value \
	tests/check_error \
	tests/check_future \
	tests/check_task \
	tests/check_outcome \
	tests/check_await \
	tests/check_eager \
	tests/check_cancel \
	tests/check_cancel_chain \
	tests/check_interrupt \
	tests/check_cycle \
	tests/check_factory \
	tests/check_debug \
	tests/check_slow \
	tests/check_overlooked \
	tests/check_wrong_thread \
	tests/check_remote \
	tests/check_wrap \
	tests/check_loop \
	tests/check_clock \
	tests/check_report \
	tests/check_loop_free \
	tests/check_host \
	tests/check_handle \
	tests/check_timer \
	tests/check_run \
	tests/check_runner \
	tests/check_sleep \
	tests/check_timeout \
	tests/check_gather \
	tests/check_wait \
	tests/check_info \
	tests/check_graph \
	tests/check_stack_walk \
	tests/check_trace \
	tests/check_layout \
	tests/check_watchdog \
	tests/check_fd \
	tests/check_watch \
	tests/check_signal \
	tests/check_process \
	tests/check_thread \
	tests/check_stream \
	tests/check_stream_read \
	tests/check_stream_write \
	tests/check_streams \
	tests/check_resolve \
	tests/check_server \
	tests/check_misuse \
	tests/check_memory \
	tests/check_wait_memory \
	tests/check_sync_memory \
	tests/check_fd_memory \
	tests/check_io_memory \
	tests/check_hops
if HAVE_CHECK
check_PROGRAMS += $(CORE_CHECKS)
TESTS += $(CORE_CHECKS)
endif
core_sh = tests/check_layers.sh tests/check_switch_aarch64.sh
TESTS += $(core_sh)
EXTRA_DIST += $(core_sh) tests/address_space.h tests/calls.h \
	tests/cancelled.h tests/core.h tests/debug.h tests/pipe.h \
	tests/remote.h tests/stream.h tests/without_inspection.h \
	tests/switch_alone.c tests/switch_registers.h
core_libs = libevtask-objs.la $(LIBEVENT_LIBS) $(TEST_LIBS)
# Literals are handed to callbacks as their arguments: words to say.
core_cflags = $(AM_TEST_CFLAGS) -Wno-write-strings
tests_check_reserve_CFLAGS = $(core_cflags)
tests_check_reserve_LDADD = $(core_libs)
tests_check_room_CFLAGS = $(core_cflags)
tests_check_room_LDADD = $(core_libs)
tests_check_stack_CFLAGS = $(core_cflags)
tests_check_stack_LDADD = $(core_libs)
tests_check_coro_CFLAGS = $(core_cflags)
tests_check_coro_LDADD = $(core_libs)
tests_check_slab_CFLAGS = $(core_cflags)
tests_check_slab_LDADD = $(core_libs)
tests_check_overflow_CFLAGS = $(core_cflags)
tests_check_overflow_LDADD = $(core_libs)
tests_check_trim_CFLAGS = $(core_cflags)
tests_check_trim_LDADD = $(core_libs)
tests_check_ready_CFLAGS = $(core_cflags)
tests_check_ready_LDADD = $(core_libs)
tests_check_timers_SOURCES = tests/check_timers.c tests/timers.h
tests_check_timers_CFLAGS = $(core_cflags)
tests_check_timers_LDADD = $(core_libs)
tests_check_timers_course_SOURCES = tests/check_timers_course.c tests/timers.h
tests_check_timers_course_CFLAGS = $(core_cflags)
tests_check_timers_course_LDADD = $(core_libs)
tests_check_crowd_SOURCES = tests/check_crowd.c tests/timers.h
tests_check_crowd_CFLAGS = $(core_cflags)
tests_check_crowd_LDADD = $(core_libs)
tests_check_timers_memory_SOURCES = tests/check_timers_memory.c \
	tests/timers.h tests/starve.c tests/starve.h
tests_check_timers_memory_CFLAGS = $(core_cflags)
tests_check_timers_memory_LDADD = $(core_libs)
tests_check_value_CFLAGS = $(core_cflags)
tests_check_value_LDADD = $(core_libs)
tests_check_error_CFLAGS = $(core_cflags)
tests_check_error_LDADD = $(core_libs)
tests_check_future_CFLAGS = $(core_cflags)
tests_check_future_LDADD = $(core_libs)
tests_check_task_CFLAGS = $(core_cflags)
tests_check_task_LDADD = $(core_libs)
tests_check_outcome_CFLAGS = $(core_cflags)
tests_check_outcome_LDADD = $(core_libs)
tests_check_await_CFLAGS = $(core_cflags)
tests_check_await_LDADD = $(core_libs)
tests_check_eager_CFLAGS = $(core_cflags)
tests_check_eager_LDADD = $(core_libs)
tests_check_cancel_CFLAGS = $(core_cflags)
tests_check_cancel_LDADD = $(core_libs)
tests_check_cancel_chain_CFLAGS = $(core_cflags)
tests_check_cancel_chain_LDADD = $(core_libs)
tests_check_interrupt_CFLAGS = $(core_cflags)
tests_check_interrupt_LDADD = $(core_libs)
tests_check_cycle_CFLAGS = $(core_cflags)
tests_check_cycle_LDADD = $(core_libs)
tests_check_factory_CFLAGS = $(core_cflags)
tests_check_factory_LDADD = $(core_libs)
tests_check_debug_CFLAGS = $(core_cflags)
tests_check_debug_LDADD = $(core_libs)
tests_check_slow_CFLAGS = $(core_cflags)
tests_check_slow_LDADD = $(core_libs)
tests_check_overlooked_CFLAGS = $(core_cflags)
tests_check_overlooked_LDADD = $(core_libs)
tests_check_wrong_thread_CFLAGS = $(core_cflags)
tests_check_wrong_thread_LDADD = $(core_libs)
tests_check_remote_CFLAGS = $(core_cflags)
tests_check_remote_LDADD = $(core_libs)
tests_check_wrap_CFLAGS = $(core_cflags)
tests_check_wrap_LDADD = $(core_libs)
tests_check_loop_CFLAGS = $(core_cflags)
tests_check_loop_LDADD = $(core_libs)
tests_check_clock_CFLAGS = $(core_cflags)
tests_check_clock_LDADD = $(core_libs)
tests_check_report_CFLAGS = $(core_cflags)
tests_check_report_LDADD = $(core_libs)
tests_check_loop_free_CFLAGS = $(core_cflags)
tests_check_loop_free_LDADD = $(core_libs)
tests_check_host_CFLAGS = $(core_cflags)
tests_check_host_LDADD = $(core_libs)
tests_check_handle_CFLAGS = $(core_cflags)
tests_check_handle_LDADD = $(core_libs)
tests_check_timer_CFLAGS = $(core_cflags)
tests_check_timer_LDADD = $(core_libs)
tests_check_run_CFLAGS = $(core_cflags)
tests_check_run_LDADD = $(core_libs)
tests_check_runner_CFLAGS = $(core_cflags)
tests_check_runner_LDADD = $(core_libs)
tests_check_sleep_CFLAGS = $(core_cflags)
tests_check_sleep_LDADD = $(core_libs)
tests_check_timeout_CFLAGS = $(core_cflags)
tests_check_timeout_LDADD = $(core_libs)
tests_check_gather_CFLAGS = $(core_cflags)
tests_check_gather_LDADD = $(core_libs)
tests_check_wait_CFLAGS = $(core_cflags)
tests_check_wait_LDADD = $(core_libs)
tests_check_info_CFLAGS = $(core_cflags)
tests_check_info_LDADD = $(core_libs)
tests_check_graph_CFLAGS = $(core_cflags)
tests_check_trace_CFLAGS = $(core_cflags) $(JSONC_CFLAGS)
tests_check_trace_LDADD = $(core_libs) $(JSONC_LIBS)
tests_check_layout_CFLAGS = $(core_cflags)
tests_check_layout_LDADD = $(core_libs)
tests_check_watchdog_CFLAGS = $(core_cflags)
tests_check_watchdog_LDADD = $(core_libs)
tests_check_stack_walk_CFLAGS = $(core_cflags)
tests_check_stack_walk_LDADD = $(core_libs)
tests_check_graph_LDADD = $(core_libs)
tests_check_fd_CFLAGS = $(core_cflags)
tests_check_fd_LDADD = $(core_libs)
tests_check_watch_CFLAGS = $(core_cflags)
tests_check_watch_LDADD = $(core_libs)
tests_check_signal_CFLAGS = $(core_cflags)
tests_check_signal_LDADD = $(core_libs)
tests_check_process_CFLAGS = $(core_cflags)
tests_check_process_LDADD = $(core_libs)
tests_check_thread_CFLAGS = $(core_cflags)
tests_check_thread_LDADD = $(core_libs)
tests_check_stream_CFLAGS = $(core_cflags)
tests_check_stream_LDADD = $(core_libs)
tests_check_stream_read_CFLAGS = $(core_cflags)
tests_check_stream_read_LDADD = $(core_libs)
tests_check_stream_write_CFLAGS = $(core_cflags)
tests_check_stream_write_LDADD = $(core_libs)
tests_check_streams_CFLAGS = $(core_cflags)
tests_check_streams_LDADD = $(core_libs)
tests_check_resolve_CFLAGS = $(core_cflags)
tests_check_resolve_LDADD = $(core_libs)
tests_check_server_CFLAGS = $(core_cflags)
tests_check_server_LDADD = $(core_libs)
tests_check_misuse_CFLAGS = $(core_cflags)
tests_check_misuse_LDADD = $(core_libs)
programs_sources = tests/programs.c tests/programs.h \
	tests/starve.c tests/starve.h
tests_check_memory_SOURCES = tests/check_memory.c $(programs_sources)
tests_check_memory_CFLAGS = $(core_cflags)
tests_check_memory_LDADD = $(core_libs)
tests_check_wait_memory_SOURCES = tests/check_wait_memory.c $(programs_sources)
tests_check_wait_memory_CFLAGS = $(core_cflags)
tests_check_wait_memory_LDADD = $(core_libs)
tests_check_sync_memory_SOURCES = tests/check_sync_memory.c $(programs_sources)
tests_check_sync_memory_CFLAGS = $(core_cflags)
tests_check_sync_memory_LDADD = $(core_libs)
tests_check_fd_memory_SOURCES = tests/check_fd_memory.c $(programs_sources)
tests_check_fd_memory_CFLAGS = $(core_cflags)
tests_check_fd_memory_LDADD = $(core_libs)
tests_check_io_memory_SOURCES = tests/check_io_memory.c $(programs_sources)
tests_check_io_memory_CFLAGS = $(core_cflags)
tests_check_io_memory_LDADD = $(core_libs)
tests_check_hops_CFLAGS = $(core_cflags)
tests_check_hops_LDADD = $(core_libs)
