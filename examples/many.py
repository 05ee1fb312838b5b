"""many.py - gather all, wait for some, take them as they end."""
import asyncio


async def square(n):
    for turn in range(3 * n):
        await asyncio.sleep(0)
    return n * n


def start():
    return [asyncio.create_task(square(n)) for n in (3, 1, 2)]


async def main():
    # All of them, as one list in the order of the arguments.
    print("gathered:", *await asyncio.gather(*start()))

    # The first to end; nothing is cancelled.
    tasks = start()
    done, pending = await asyncio.wait(
        tasks, return_when=asyncio.FIRST_COMPLETED)
    print(f"{len(done)} is done, {len(pending)} are not")

    # One after the other, as they end.
    for future in asyncio.as_completed(tasks):
        print("next:", await future)


asyncio.run(main())
