"""loop.py - the low level: a loop of one's own, its callbacks and timers."""
import asyncio


async def answer():
    await asyncio.sleep(0.02)
    return 42


def tick(loop, left):
    print("tick", left)
    if left == 0:
        loop.stop()
    else:
        loop.call_later(0.01, tick, loop, left - 1)


def never():
    print("this is not printed")


loop = asyncio.new_event_loop()

# Timers and callbacks, until somebody stops the loop.
loop.call_later(0.005, never).cancel()
loop.call_soon(tick, loop, 2)
loop.run_forever()

# A task, which is made before the loop runs, until it is done.
task = loop.create_task(answer())
print("the answer is", loop.run_until_complete(task))
loop.close()
