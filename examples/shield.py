"""shield.py - work that goes on though who waits for it is cancelled."""
import asyncio


async def commit():
    await asyncio.sleep(0.1)
    print("committed")


async def session(work):
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        print("the session is cancelled; its work:",
              "cancelled" if work.cancelled() else "goes on")
        raise


async def main():
    work = asyncio.create_task(commit())
    task = asyncio.create_task(session(work))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    await work


asyncio.run(main())
