"""Connections of the service, as the system has them."""

import asyncio
import socket

import uvicorn
from uvicorn.server import ServerState

from hayakana.serve.protocol import limited
from hayakana.serve.server import listen
from hayakana.serve.settings import Limits


def test_no_piece_of_an_answer_waits_for_the_client() -> None:
    """TCP_NODELAY is on: without it, and without uvloop, each answer took 44 ms."""

    async def options() -> list[int]:
        config = uvicorn.Config(lambda *_: None, http=limited(Limits()), ws="none", log_config=None)
        config.load()
        accepted: list[int] = []

        class Protocol(config.http_protocol_class):
            def connection_made(self, transport: asyncio.Transport) -> None:
                super().connection_made(transport)
                connection = transport.get_extra_info("socket")
                accepted.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        loop = asyncio.get_running_loop()
        listening = listen("127.0.0.1", 0)
        server = await loop.create_server(lambda: Protocol(config, ServerState(), {}), sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            while not accepted:
                await asyncio.sleep(0.01)
            writer.close()
            await writer.wait_closed()
        return accepted

    (option,) = asyncio.run(asyncio.wait_for(options(), 60))
    assert option
