#!/usr/bin/env python3
"""delay.py HOST:PORT MILLISECONDS: a TCP proxy that makes every round trip so much longer. Prints its port on 127.0.0.1."""
import asyncio
import sys

host, port = sys.argv[1].rsplit(":", 1)
half = int(sys.argv[2]) / 2000


async def pump(reader, writer):
    """Bytes go on half a round trip after they came, however many are under way."""
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue(64)

    async def send():
        while True:
            due, data = await queue.get()
            wait = due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            if not data:
                break
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    sender = asyncio.create_task(send())
    try:
        while True:
            data = await reader.read(262144)
            await queue.put((loop.time() + half, data))
            if not data:
                break
        await sender
    except OSError:
        sender.cancel()


async def serve(reader, writer):
    # A connection takes a round trip to be there.
    await asyncio.sleep(2 * half)
    there_reader, there_writer = await asyncio.open_connection(host, port, limit=1 << 20)
    try:
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer), return_exceptions=True)
    finally:
        there_writer.close()
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
