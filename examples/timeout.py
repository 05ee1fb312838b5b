"""timeout.py - deadlines: over a piece of work, a task, or a wait."""
import asyncio


async def slow():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        print("slow: cancelled by the deadline")
        raise


async def main():
    loop = asyncio.get_running_loop()

    # Over whatever is inside.
    try:
        async with asyncio.timeout(0.05):
            await slow()
    except TimeoutError:
        print("the scope has timed out")

    # A deadline can be moved.
    async with asyncio.timeout(0.05) as scope:
        scope.reschedule(loop.time() + 60)
        await asyncio.sleep(0.1)
    print("in time; expired:", "yes" if scope.expired() else "no")

    # Over one task, which is cancelled.
    task = asyncio.create_task(slow())
    try:
        await asyncio.wait_for(task, 0.05)
    except TimeoutError:
        print("the task has timed out")

    # Over the waiting alone: nothing is cancelled.
    task = asyncio.create_task(asyncio.sleep(0.1))
    done, pending = await asyncio.wait([task], timeout=0.05)
    print(len(done), "of 1 done")
    await task


asyncio.run(main())
