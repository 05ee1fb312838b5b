"""workers.py - a producer and its workers, with a queue between them."""
import asyncio


async def work(queue):
    name = asyncio.current_task().get_name()
    while True:
        job = await queue.get()
        await asyncio.sleep(0)
        print(f"{name}: {job}")
        queue.task_done()


async def main():
    queue = asyncio.Queue(2)
    workers = [asyncio.create_task(work(queue), name=name)
               for name in ("ada", "bob")]

    for job in "wash", "peel", "chop", "fry", "serve":
        await queue.put(job)  # waits while two are in it
        print("ordered:", job)
    await queue.join()  # until all are done
    print("all is served")

    for worker in workers:
        worker.cancel()
    await asyncio.wait(workers)


asyncio.run(main())
