"""cancel.py - cancelling: a request, to clean up after, or to refuse."""
import asyncio


async def tidy():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError as error:
        print("tidy: asked to stop:", error)
        await asyncio.sleep(0.01)  # cleaning up may wait
        print("tidy: cleaned up")
        raise


async def stubborn():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
        print("stubborn: not now")
    await asyncio.sleep(0.01)


async def cancel(name, coro, begun):
    task = asyncio.create_task(coro)
    if begun:
        await asyncio.sleep(0)
    task.cancel("closing time")
    await asyncio.wait([task])
    print(name, "was cancelled" if task.cancelled() else "returned")


async def main():
    await cancel("early", tidy(), False)  # it never runs
    await cancel("tidy", tidy(), True)
    await cancel("stubborn", stubborn(), True)


asyncio.run(main())
