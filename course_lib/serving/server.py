"""The process that serves: it listens, and finishes what it has begun before it ends."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable

import uvicorn
from threadpoolctl import threadpool_limits

PATIENCE = 30  # seconds for the answers that are on their way when the server is told to stop


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]):
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self._ready()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address `host`; a port of 0 is any that is free.

    Raises:
        OSError: nothing can be listened to there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def serve(app, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve `app` until Ctrl-C or SIGTERM, and then answer what has come in.

    Args:
        listening: the socket on which to, closed at the end.
        ready: told the URL as soon as requests are answered.
    """
    with listening:
        host, port = listening.getsockname()[:2]
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_level="warning",
            access_log=False,  # it would keep addresses, which are of people; the metrics count without them
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=PATIENCE,
        )
        # NumPy's matrices are small here, and on a busy machine several threads would wait for each other.
        threadpool_limits(1)
        # uvicorn stops in good order upon these, and then raises them once more.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        asyncio.run(_Server(config, lambda: ready(url)).serve(sockets=[listening]))
