"""shield.py - work that goes on though who waits for it is cancelled."""
import asyncio


async def commit(disk):
    await disk.wait()
    print("committed")


async def session(work):
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        print("the session is cancelled; its work:",
              "cancelled" if work.cancelled() else "goes on")
        raise


async def main():
    disk = asyncio.Event()  # set: it has written all
    work = asyncio.create_task(commit(disk))
    task = asyncio.create_task(session(work))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    disk.set()
    await work


asyncio.run(main())
