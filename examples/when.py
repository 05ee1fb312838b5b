"""when.py - when a task runs: in its turn, and not before its creator waits."""
import asyncio


async def worker(name):
    print(f"{name} begins")
    await asyncio.sleep(0)
    print(f"{name} goes on")


async def main():
    loop = asyncio.get_running_loop()
    a = asyncio.create_task(worker("a"))
    loop.call_soon(print, "a callback, in line between the tasks")
    b = asyncio.create_task(worker("b"))
    print("all three are queued, and none has run")

    await asyncio.sleep(0)
    print("main, after one turn of the loop")
    await asyncio.sleep(0)
    print("main, after two")
    await a
    await b


asyncio.run(main())
