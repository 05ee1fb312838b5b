"""asyncio in the race: `python.py asyncio|uvloop [ROW N]`."""
import asyncio
import os
import sys
import time

if sys.argv[1] == "uvloop":
    import uvloop
    uvloop.install()


def cpu_ns():
    return time.clock_gettime_ns(time.CLOCK_PROCESS_CPUTIME_ID)


def report(key, value):
    print(key, "%.6g" % value, flush=True)


def report_per_op(key, run, n):
    ms = float(os.environ.get("BENCH_MS", 200))
    ops = n * 4 if n > 5000 else 20000
    ns = run(n, ops)
    while ns * ops < ms * 1e6:
        ops *= 4
        ns = run(n, ops)
    report(key, ns)


def status_bytes(key):
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024


def yields(n):
    def run(n, ops):
        left = ops + 2 * n
        begin = end = 0

        async def yielder():
            nonlocal left, begin, end
            while left > 0:
                await asyncio.sleep(0)
                left -= 1
                if left == ops:
                    begin = cpu_ns()
                elif left == 0:
                    end = cpu_ns()

        async def main():
            for task in [asyncio.create_task(yielder()) for _ in range(n)]:
                await task

        asyncio.run(main())
        return (end - begin) / ops
    report_per_op("ns", run, n)


def spawn(n):
    async def returner(i):
        return i

    async def main(ops):
        for i in range(ops):
            assert await asyncio.create_task(returner(i)) == i

    def run(n, ops):
        begin = cpu_ns()
        asyncio.run(main(ops))
        return (cpu_ns() - begin) / ops
    report_per_op("ns", run, n)


def crowd(n, body):
    async def main():
        for key in "cold", "warm":
            begin = cpu_ns()
            for task in [asyncio.create_task(body()) for _ in range(n)]:
                await task
            report(key, (cpu_ns() - begin) / n)
    asyncio.run(main())


def join(n):
    async def body():
        pass
    crowd(n, body)


def alive(n):
    async def body():
        await asyncio.sleep(0)
    crowd(n, body)


def asleep(n):
    async def main():
        loop = asyncio.get_running_loop()
        patience = int(os.environ.get("BENCH_PATIENCE", 1))
        until = loop.time() + 1 + n * 60e-6 * patience
        count = 0

        async def sleeper():
            nonlocal count
            count += 1
            await asyncio.sleep(until - loop.time())
            count -= 1

        before = status_bytes("VmRSS")
        tasks = [asyncio.create_task(sleeper()) for _ in range(n)]
        await asyncio.sleep(0)
        assert count == n, "not all were asleep"
        report("bytes", (status_bytes("VmRSS") - before) / n)
        report("tables", status_bytes("VmPTE") / n)
        with open("/proc/self/maps") as f:
            report("maps", len(f.readlines()))
        for task in tasks:
            await task
    asyncio.run(main())
    report("cpu", cpu_ns() / 1e9)


def queued(n):
    async def body():
        pass

    async def main():
        before = status_bytes("VmRSS")
        tasks = [asyncio.create_task(body()) for _ in range(n)]
        report("bytes", (status_bytes("VmRSS") - before) / n)
        await asyncio.sleep(0)
        del tasks
    asyncio.run(main())


def futures(n):
    async def main():
        loop = asyncio.get_running_loop()
        before = status_bytes("VmRSS")
        for i in range(n):
            future = loop.create_future()
            loop.call_later(60 + i * 1e-6, future.set_result, None)
        report("bytes", (status_bytes("VmRSS") - before) / n)
        os._exit(0)     # nobody waits for them
    asyncio.run(main())


def timers(n):
    def random():
        x = 1
        for _ in range(n):
            x ^= x << 13 & 0xffffffff
            x ^= x >> 17
            x ^= x << 5 & 0xffffffff
            yield 1 + x % 1000000 * 1e-6

    delays = list(random())

    async def main():
        loop = asyncio.get_running_loop()
        expired = 0

        def expire():
            nonlocal expired
            expired += 1

        def arm_all():
            now = loop.time()
            return [loop.call_at(now + delay, expire) for delay in delays]

        for warm in False, True:
            t0 = cpu_ns()
            handles = arm_all()
            t1 = cpu_ns()
            for handle in handles:
                handle.cancel()
            if warm:
                report("add", (t1 - t0) / n)
                report("cancel", (cpu_ns() - t1) / n)
            await asyncio.sleep(0)
        arm_all()
        time.sleep(3)
        t0 = cpu_ns()
        while expired < n:
            await asyncio.sleep(0)
        report("expire", (cpu_ns() - t0) / n)
    asyncio.run(main())


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


def echo(n):
    async def main():
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(Echo, os.environ["BENCH_SOCKET"])
        await server.serve_forever()
    asyncio.run(main())


rows = {"yield": yields, "spawn": spawn, "join": join, "alive": alive,
        "asleep": asleep, "queued": queued, "futures": futures,
        "timers": timers, "echo": echo}
if len(sys.argv) == 2:
    print(*rows, sep="\n")
else:
    rows[sys.argv[2]](int(sys.argv[3]))
