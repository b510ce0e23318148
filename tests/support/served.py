"""A server in a process of its own, and asking it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

DEALS: Final = str(Path(sys.executable).parent / "deals")
TODAY: Final = "2026-06-30"


class Got:
    """What a server said."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def asked(port: int, path: str, method: str = "GET", **headers: str) -> Got:
    """Ask a server. headers: with _ for -."""
    line = HTTPConnection("127.0.0.1", port, timeout=120)
    line.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = line.getresponse()
    found = Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    line.close()
    return found


@contextmanager
def serving(file: str, *words: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Serve a ledger in a process of its own; give its port."""
    command = [DEALS, "--ledger", file, "serve", "--port", "0", "--today", TODAY, *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.fullmatch(r"serving \S+ at http://\S+:(\d+)/\n", line)
        assert found, server.stderr and server.stderr.read()
        yield int(found[1]), server
    finally:
        server.terminate()
        server.communicate(timeout=30)
