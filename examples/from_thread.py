"""from_thread.py - other threads: how they reach a loop that is not theirs."""
import asyncio
import threading


async def welcome():
    await asyncio.sleep(0.01)
    return "come in"


def visit(loop, future):
    # A task of that loop, of which this thread awaits the result.
    print("thread: knocks")
    remote = asyncio.run_coroutine_threadsafe(welcome(), loop)
    print("thread: is told:", remote.result())

    # A callback of that loop.
    loop.call_soon_threadsafe(future.set_result, "goodbye")


async def main():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    thread = threading.Thread(target=visit, args=(loop, future))
    thread.start()
    print("loop: is told:", await future)
    thread.join()


asyncio.run(main())
