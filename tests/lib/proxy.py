#!/usr/bin/env python3
"""A TCP forwarder that delays and cuts: a long line to a server on this machine.

    proxy.py FOLDER LOG HOST:PORT [delay=MS] [cut-up=N] [cut-down=N] [times=K]

Listens on a free port of 127.0.0.1 and prints it. delay is the round trip: each way takes half of it, whatever the
throughput. cut-up and cut-down reset a connection that has carried N bytes to or from the server, the first K times
(always without times). One line per connection goes to LOG. FOLDER is not used.
"""
import asyncio
import os
import socket
import struct
import sys

target = sys.argv[3].rsplit(":", 1)
options = dict(word.split("=") for word in sys.argv[4:])
delay = int(options.get("delay", 0)) / 2000
limits = {way: int(options.get("cut-" + way, 0)) for way in ("up", "down")}
cuts_left = int(options.get("times", 10**9))
log = open(sys.argv[2], "a", buffering=1)


def reset(writer):
    sock = writer.get_extra_info("socket")
    if sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def deliver(queue, to):
    """Hand over what was read, each piece when its time has come."""
    loop = asyncio.get_running_loop()
    while True:
        when, data = await queue.get()
        if when > loop.time():
            await asyncio.sleep(when - loop.time())
        if data is None:
            to.close()
            return
        to.write(data)
        await to.drain()


async def pump(way, source, to, peer):
    global cuts_left
    loop = asyncio.get_running_loop()
    queue, seen = asyncio.Queue(), 0
    task = asyncio.create_task(deliver(queue, to))
    try:
        while data := await source.read(262144):
            seen += len(data)
            if limits[way] and seen > limits[way] and cuts_left > 0:
                cuts_left -= 1
                log.write("cut %s after %d\n" % (way, limits[way]))
                await queue.put((0, data[: len(data) - (seen - limits[way])]))
                while not queue.empty():
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.05)
                reset(to)
                reset(peer)
                break
            await queue.put((loop.time() + delay, data))
    except ConnectionError:
        pass
    await queue.put((loop.time() + delay, None))
    try:
        await task
    except ConnectionError:
        pass


async def connection(reader, writer):
    log.write("connection\n")
    there_reader, there_writer = await asyncio.open_connection(target[0], int(target[1]), limit=1 << 20)
    for w in (writer, there_writer):
        w.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    await asyncio.gather(pump("up", reader, there_writer, writer), pump("down", there_reader, writer, there_writer))


async def main():
    server = await asyncio.start_server(connection, "127.0.0.1", 0, limit=1 << 20)
    os.write(1, b"%d\n" % server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
