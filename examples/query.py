"""query.py - asking a task: its name, how it stands, and who else there is."""
import asyncio


async def nap():
    me = asyncio.current_task()
    print(f"I am {me.get_name()}")
    await asyncio.sleep(0.1)
    return "rested"


def tell(task):
    if not task.done():
        outcome = "pending"
    elif task.cancelled():
        outcome = "cancelled"
    else:
        outcome = f"returned {task.result()}"
    print(f"{task.get_name()}: {outcome}")


async def main():
    one = asyncio.create_task(nap(), name="one")
    two = asyncio.create_task(nap(), name="two")
    two.set_name("other")
    tell(one)
    try:
        one.result()
    except asyncio.InvalidStateError:
        print("there is no result yet")

    await asyncio.sleep(0)
    asyncio.current_task().set_name("main")
    names = sorted(task.get_name() for task in asyncio.all_tasks())
    print("tasks:", *names)
    two.cancel()
    await asyncio.wait([one, two])
    tell(one)
    tell(two)
    print("tasks:", len(asyncio.all_tasks()))


asyncio.run(main())
