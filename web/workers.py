"""The workers of a server: few processes, each with one question; whoever waits too long gives up.

Where the system can, they are made by a process that was made for that before there was any
thread, and that has loaded what all of them need.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

from dealledger.web.page import PageAsked
from dealledger.web.worker import Answered, WorkerQuestion, error_bytes, work

Does: TypeAlias = Callable[[str, PageAsked, Connection], None]

WORKERS: Final = 2
MOST_WAITING: Final = 32
"""So many questions wait for a worker; more are refused."""
QUESTION_SECONDS: Final = 30
PAGE_SECONDS: Final = 600


class Worker:
    """A process that answers, and the line to it."""

    def __init__(self, context: Any, does: Does, ledger: str, dress: PageAsked) -> None:
        """Start it; that it is ready is not waited for."""
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=does, args=(ledger, dress, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, asked: WorkerQuestion) -> Answered:
        """Return the answer; blocks. Raises: EOFError or OSError, if the process has ended."""
        line: Connection = self._line
        line.send(asked)
        answer = line.recv()
        assert isinstance(answer, Answered)
        return answer

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join(5)
        with suppress(OSError):
            self._line.close()


class Workers:
    """Workers that take turns. ledger: its name; dress: of the page; does: what each does."""

    def __init__(
        self, ledger: str, dress: PageAsked, does: Does = work, context: Any = None
    ) -> None:
        """Make none yet."""
        self._context = context or _context()
        self._does = does
        self._ledger, self._dress = ledger, dress
        self._free = asyncio.Semaphore(WORKERS)
        self._idle: list[Worker] = []
        self._waiting = 0

    def warm(self) -> None:
        """Start one worker, so that the first question need not wait for it."""
        self._idle.append(self._new())

    async def ask(self, asked: WorkerQuestion) -> Answered:
        """Return the answer to a question, or why there is none; cancelled, its process ends."""
        if self._waiting >= MOST_WAITING:
            return Answered(503, error_bytes("too many questions at once (ask again)"))
        seconds = PAGE_SECONDS if asked.question is None else QUESTION_SECONDS
        async with self._turn() as worker:
            answering = asyncio.create_task(asyncio.to_thread(worker.ask, asked))
            try:
                answer = await asyncio.wait_for(asyncio.shield(answering), seconds)
            except TimeoutError:
                said = f"this takes more than {seconds} seconds (ask for less, or at a terminal)"
                return Answered(503, error_bytes(said))
            except (EOFError, OSError):
                return Answered(503, error_bytes("the answer broke off (ask again)"))
            finally:
                if not answering.done():
                    worker.stop()
                    with suppress(EOFError, OSError):
                        await answering
            self._idle.append(worker)
            return answer

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Worker]:
        self._waiting += 1
        try:
            async with self._free:
                yield self._idle.pop() if self._idle else self._new()
        finally:
            self._waiting -= 1

    def _new(self) -> Worker:
        return Worker(self._context, self._does, self._ledger, self._dress)

    def stop(self) -> None:
        """End all that are idle."""
        for worker in self._idle:
            worker.stop()
        self._idle.clear()


def _context() -> Any:
    """Return how processes are made: by one that has loaded what they need, where there is that.

    Python looks in the current folder first for what such a process imports, unless told not to: a
    subprocess.py that lies there would run.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dealledger.web.worker"])
    return context
