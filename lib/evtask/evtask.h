/*
 * evtask.h - all of libevtask: asyncio's Task model for C, on libevent.
 *
 * Start with task.h (what a task is), future.h (awaiting and cancelling) and
 * loop.h (what runs them). The console, by which the evtask CLI looks into
 * your program, is <evtask/console.h> in libevtask-console.
 */
#ifndef EVTASK_EVTASK_H
#define EVTASK_EVTASK_H

#include <evtask/as_completed.h>
#include <evtask/barrier.h>
#include <evtask/base.h>
#include <evtask/condition.h>
#include <evtask/context.h>
#include <evtask/debug.h>
#include <evtask/error.h>
#include <evtask/event.h>
#include <evtask/factory.h>
#include <evtask/future.h>
#include <evtask/gather.h>
#include <evtask/group.h>
#include <evtask/handle.h>
#include <evtask/inspect.h>
#include <evtask/io.h>
#include <evtask/lock.h>
#include <evtask/loop.h>
#include <evtask/overflow.h>
#include <evtask/process.h>
#include <evtask/queue.h>
#include <evtask/remote.h>
#include <evtask/resolve.h>
#include <evtask/runner.h>
#include <evtask/semaphore.h>
#include <evtask/server.h>
#include <evtask/shield.h>
#include <evtask/signal.h>
#include <evtask/sleep.h>
#include <evtask/stream.h>
#include <evtask/task.h>
#include <evtask/thread.h>
#include <evtask/timeout.h>
#include <evtask/timer.h>
#include <evtask/value.h>
#include <evtask/wait.h>

#endif
