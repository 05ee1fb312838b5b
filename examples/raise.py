"""raise.py - errors: of a type of one's own, with a cause, and unheard."""
import asyncio


class NoRoute(Exception):
    pass


def look_up(planet):
    raise KeyError(f"{planet} is not in the table")


async def fetch(planet):
    await asyncio.sleep(0.01)
    try:
        look_up(planet)
    except KeyError as error:
        raise NoRoute(f"no route to {planet}") from error


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda loop, report: print("unheard:", report["exception"]))

    try:
        await fetch("mars")
    except NoRoute as error:
        print(f"{type(error).__name__}: {error}")
        print("because:", error.__cause__.args[0])

    # Nobody has a handle, so nobody will ask.
    asyncio.create_task(fetch("venus"))
    await asyncio.sleep(0.1)


asyncio.run(main())
