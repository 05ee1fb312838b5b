"""to_thread.py - blocking work: in a thread, while the loop goes on."""
import asyncio
import threading


def count(limit, begin):
    begin.wait()  # blocks its thread, not the loop
    return sum(range(limit))


async def tick(begin):
    for n in range(3):
        print("tick", n)
        await asyncio.sleep(0.01)
    begin.set()


async def main():
    begin = threading.Event()
    ticking = asyncio.create_task(tick(begin))
    total = await asyncio.to_thread(count, 101, begin)
    print("counted", total)
    await ticking


asyncio.run(main())
