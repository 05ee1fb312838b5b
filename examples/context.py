"""context.py - context variables: what a task sets, its children see."""
import asyncio
import contextvars

request = contextvars.ContextVar("request")


def log(words):
    print(f"[{request.get()}] {words}")


async def query():
    log("asks the database")
    request.set("nobody else sees this")


async def handle(number):
    request.set(f"request {number}")
    await asyncio.sleep(0)
    log("begins")
    await asyncio.create_task(query())
    log("ends")


async def main():
    await asyncio.gather(handle(1), handle(2))


asyncio.run(main())
