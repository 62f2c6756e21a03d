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


def serve(app, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve `app` until Ctrl-C or SIGTERM, and then answer what has come in.

    Args:
        host: address to listen on.
        port: 0 for any that is free.
        ready: told the URL as soon as requests are answered.
    Raises:
        OSError: nothing can be listened to there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=2048) as listening:
        name = f"[{host}]" if ":" in host else host
        url = f"http://{name}:{listening.getsockname()[1]}"
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
