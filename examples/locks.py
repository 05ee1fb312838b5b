"""locks.py - an event that tasks wait for, and a semaphore: two at a time."""
import asyncio


async def swim(name, opened, lanes):
    await opened.wait()
    async with lanes:
        print(f"{name} swims")
        await asyncio.sleep(0)
    print(f"{name} is out")


async def main():
    opened, lanes = asyncio.Event(), asyncio.Semaphore(2)
    swimmers = [asyncio.create_task(swim(name, opened, lanes))
                for name in ("ada", "bob", "cy")]
    await asyncio.sleep(0)
    print("the pool opens")
    opened.set()
    await asyncio.wait(swimmers)


asyncio.run(main())
