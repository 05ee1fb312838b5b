"""condition.py - waiting, with a lock, until something has changed."""
import asyncio


class Garage:
    def __init__(self):
        self.changed = asyncio.Condition()
        self.free = 0


async def park(garage):
    async with garage.changed:
        while garage.free == 0:
            print("waiting for a space")
            await garage.changed.wait()
        garage.free -= 1
    print("parked")


async def leave(garage):
    async with garage.changed:
        garage.free += 1
        garage.changed.notify()
    print("left")


async def main():
    garage = Garage()
    car = asyncio.create_task(park(garage))
    await asyncio.sleep(0)
    await leave(garage)
    await car


asyncio.run(main())
