"""create.py - making tasks: on the running loop, on a given one, in passing."""
import asyncio


async def greet(whom):
    await asyncio.sleep(0)
    print(f"hello, {whom}")


async def main():
    # High level: on the loop that runs.
    world = asyncio.create_task(greet("world"), name="greeter")

    # Low level: on a loop that you name.
    loop = asyncio.get_running_loop()
    moon = loop.create_task(greet("moon"))

    # In passing. The loop holds it weakly: keep it, or it may vanish.
    background = {asyncio.create_task(greet("mars"))}

    print(world.get_name(), "is made and", "done" if world.done() else "pending")
    await world
    await moon
    await asyncio.sleep(0)
    print(world.get_name(), "is", "done" if world.done() else "pending")
    background.clear()


asyncio.run(main())
