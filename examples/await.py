"""await.py - awaiting: a call, a task, a future that a callback settles."""
import asyncio


async def add(a, b):
    await asyncio.sleep(0.1)
    return a + b


async def main():
    loop = asyncio.get_running_loop()

    # A call: it runs here, in this task.
    print("1 + 2 =", await add(1, 2))

    # A task: it runs beside us, and may be awaited more than once.
    task = asyncio.create_task(add(3, 4))
    print("3 + 4 =", await task)
    print("again:", await task)

    # A future: somebody else will settle it.
    future = loop.create_future()
    loop.call_later(0.1, future.set_result, 42)
    print("the callback says", await future)


asyncio.run(main())
