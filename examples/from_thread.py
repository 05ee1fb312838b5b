"""from_thread.py - other threads: how they reach a loop that is not theirs."""
import asyncio
import threading


def visit(loop, future):
    print("thread: knocks")
    loop.call_soon_threadsafe(future.set_result, "hello from outside")


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    thread = threading.Thread(target=visit, args=(loop, future))
    thread.start()
    print("loop:", await future)
    thread.join()


asyncio.run(main())
