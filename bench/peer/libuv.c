/*
 * libuv.c - libuv's timers, and its streams.
 */
#include <unistd.h>
#include <uv.h>

#include "bench/listener.h"
#include "bench/measure.h"

/* timers */

static long expired;

static void
expire(uv_timer_t *timer)
{
	(void)timer;
	expired++;
}

/* Made anew each time, as with the others. */
static void
arm_all(uv_loop_t *loop, uv_timer_t *timers, const int32_t *delays, long n)
{
	for (long i = 0; i < n; i++) {
		uv_timer_init(loop, &timers[i]);
		uv_timer_start(&timers[i], expire,
		    (uint64_t)delays[i] / 1000, 0);
	}
}

static void
timers(long n)
{
	uv_loop_t *loop = uv_default_loop();
	uv_timer_t *timers = calloc((size_t)n, sizeof *timers);
	int32_t *delays = delays_us(n);
	int64_t t0, t1;

	for (int warm = 0; warm < 2; warm++) {
		t0 = cpu_ns();
		arm_all(loop, timers, delays, n);
		t1 = cpu_ns();
		for (long i = 0; i < n; i++)
			uv_timer_stop(&timers[i]);
		if (warm) {
			report("add", (double)(t1 - t0) / (double)n);
			report("cancel", (double)(cpu_ns() - t1) / (double)n);
		}
		for (long i = 0; i < n; i++)
			uv_close((uv_handle_t *)&timers[i], NULL);
		uv_run(loop, UV_RUN_DEFAULT);
	}
	arm_all(loop, timers, delays, n);
	sleep(3);
	t0 = cpu_ns();
	while (expired < n)
		uv_run(loop, UV_RUN_ONCE);
	report("expire", (double)(cpu_ns() - t0) / (double)n);
}

/* echo: what cannot be written at once is queued with a copy. */

struct connection {
	uv_pipe_t pipe;
	char buf[4096];
};

struct rest {
	uv_write_t request;
	char buf[];
};

static void
lend(uv_handle_t *handle, size_t size, uv_buf_t *ret_buf)
{
	struct connection *c = (struct connection *)handle;

	(void)size;
	*ret_buf = uv_buf_init(c->buf, sizeof c->buf);
}

static void
ended(uv_handle_t *handle)
{
	free(handle);
}

static void
written(uv_write_t *request, int status)
{
	(void)status;
	free(request);
}

static void
serve(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	uv_buf_t answer = uv_buf_init(buf->base, (unsigned int)n);
	struct rest *rest;
	int r;

	if (n < 0) {
		uv_close((uv_handle_t *)stream, ended);
		return;
	}
	r = uv_try_write(stream, &answer, 1);
	if (r < 0)
		r = 0;
	if (r == n)
		return;
	rest = malloc(sizeof *rest + (size_t)(n - r));
	memcpy(rest->buf, buf->base + r, (size_t)(n - r));
	answer = uv_buf_init(rest->buf, (unsigned int)(n - r));
	uv_write(&rest->request, stream, &answer, 1, written);
}

static void
accept_one(uv_stream_t *listener, int status)
{
	struct connection *c = malloc(sizeof *c);

	(void)status;
	uv_pipe_init(listener->loop, &c->pipe, 0);
	uv_accept(listener, (uv_stream_t *)&c->pipe);
	uv_read_start((uv_stream_t *)&c->pipe, lend, serve);
}

static void
echo(long n)
{
	uv_loop_t *loop = uv_default_loop();
	uv_pipe_t listener;

	(void)n;
	uv_pipe_init(loop, &listener, 0);
	uv_pipe_bind(&listener, getenv("BENCH_SOCKET"));
	uv_listen((uv_stream_t *)&listener, 1024, accept_one);
	uv_run(loop, UV_RUN_DEFAULT);
}

static const struct measure_row rows[] = {
	{ "timers", timers },
	{ "echo", echo },
	{ NULL, NULL }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
