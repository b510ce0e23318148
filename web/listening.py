"""Where a server listens, and running it there until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import ExitStack

import uvicorn

from dealledger.events import BadInput
from dealledger.web.guard import App


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0: one that is free.

    Raises: BadInput, if that cannot be.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as failing:
            found = failing.enter_context(socket.socket(family, socket.SOCK_STREAM))
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen(128)
            failing.pop_all()
    except OSError as error:
        said = error.strerror or str(error)
        raise BadInput(f"cannot listen at {host} port {port}: {said}", "choose another") from None
    return found


def run(app: App, at: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until interrupted. ready: called when it listens."""
    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, limit_concurrency=200,
        timeout_keep_alive=5, h11_max_incomplete_event_size=16_384, ws="none",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    ready()
    server.run(sockets=[at])
