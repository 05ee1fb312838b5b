"""result.py - fetching what a task came to: by waiting, asking, a callback."""
import asyncio


async def fetch(planet):
    await asyncio.sleep(0)
    if planet == "mars":
        raise OSError(f"no route to {planet}")
    return f"the sky of {planet}"


def tell(task):
    print("callback:", "failed" if task.exception() else "returned")


async def main():
    earth = asyncio.create_task(fetch("earth"))
    mars = asyncio.create_task(fetch("mars"))
    earth.add_done_callback(tell)
    mars.add_done_callback(tell)

    # Waiting hands over the result, or raises the error.
    print("earth:", await earth)
    try:
        print("mars:", await mars)
    except OSError as error:
        print("mars:", error)

    # Asking: as often as one likes.
    print("earth again:", earth.result())
    print("mars again:", mars.exception())
    if earth.exception() is None:
        print("earth has no error")


asyncio.run(main())
