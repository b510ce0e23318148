"""A proxy before a PostgreSQL that cuts the connection when it sees the COMMIT of an append go by."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Moment = Literal["before", "after"]
"""Before: the server never hears of the COMMIT. After: it is done, the client never hears of it."""


class Proxy:
    """Listens at `url`. cut: when to cut each of the next `cuts` commits; down: refuse everybody."""

    def __init__(self, server: str) -> None:
        folder = re.search(r"host=([^&]+)", server)
        assert folder
        self._path = f"{folder[1]}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        name = re.search(r"/([^/?]+)\?", server)
        assert name
        self.url = f"postgresql://postgres@127.0.0.1:{port}/{name[1]}?sslmode=disable"
        self.cut: Moment = "before"
        self.cuts = 0
        self.down = False
        self.stays_down = False

    def run(self) -> None:
        with suppress(OSError):  # it is closed
            while True:
                client, _ = self._listening.accept()
                if self.down:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._path)
                ends = threading.Event()
                for work in (self._forth, self._back):
                    threading.Thread(target=work, args=(client, server, ends), daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _forth(self, client: socket.socket, server: socket.socket, ends: threading.Event) -> None:
        writes = False
        with suppress(OSError):
            while data := client.recv(65_536):
                writes = writes or b"INSERT INTO public.event" in data
                if writes and b"COMMIT\0" in data and self.cuts:
                    self.cuts -= 1
                    self.down = self.stays_down
                    if self.cut == "before":
                        break
                    ends.set()
                server.sendall(data)
        if not ends.is_set():
            _close(client, server)

    def _back(self, client: socket.socket, server: socket.socket, ends: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                if ends.is_set() and b"COMMIT\0" in data:
                    break
                client.sendall(data)
        _close(client, server)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def proxied(server: str) -> Iterator[Proxy]:
    """Run a proxy before the server at a URL."""
    proxy = Proxy(server)
    threading.Thread(target=proxy.run, daemon=True).start()
    try:
        yield proxy
    finally:
        proxy.close()
