"""group.py - task groups: tasks that end where they were begun."""
import asyncio


async def toil(n):
    """A task of n hours, each of some turns of the loop."""
    for turn in range(3 * n):
        await asyncio.sleep(0)


async def work(n):
    try:
        await toil(n)
    except asyncio.CancelledError:
        print(f"work {n}: cancelled")
        raise
    print(f"work {n}: done")


async def fail(n):
    await toil(n)
    raise ValueError(f"no work {n}")


async def together(second, n):
    """Three tasks in a group: when one fails, the others are cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(work(n[0]))
        group.create_task(second(n[1]))
        group.create_task(work(n[2]))
        print("the group waits for all")


async def main():
    await together(work, [3, 1, 2])
    print("all are done")
    try:
        await together(fail, [90, 4, 1])
    except* ValueError as failed:
        for error in failed.exceptions:
            print("failed:", error)


asyncio.run(main())
