#!/usr/bin/python3
"""delay.py PORT SECONDS: passes on what comes in to 127.0.0.1:PORT and back, each byte that
much later, however many are under way. Prints the port it listens on."""
import asyncio
import sys


async def pump(reader, writer, delay):
    loop = asyncio.get_running_loop()
    under_way = asyncio.Queue()

    async def deliver():
        while (item := await under_way.get())[1]:
            await asyncio.sleep(item[0] - loop.time())
            writer.write(item[1])
        await asyncio.sleep(item[0] - loop.time())
        writer.close()

    delivery = asyncio.create_task(deliver())
    data = b"?"
    while data:
        try:
            data = await reader.read(1 << 16)
        except ConnectionError:
            data = b""
        under_way.put_nowait((loop.time() + delay, data))
    await delivery


async def main(port, delay):
    async def accept(reader, writer):
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, to_writer, delay), pump(to_reader, writer, delay))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
