"""to_thread.py - blocking work: in a thread, while the loop goes on."""
import asyncio
import time


def count(limit):
    time.sleep(0.1)  # blocks its thread, and not the loop
    return sum(range(limit))


async def tick():
    for n in range(3):
        print("tick", n)
        await asyncio.sleep(0.01)


async def main():
    ticking = asyncio.create_task(tick())
    total = await asyncio.to_thread(count, 101)
    print("counted", total)
    await ticking


asyncio.run(main())
