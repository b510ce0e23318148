"""The server: the same page over a live ledger, its answers as JSON, and word when it has grown.

It reads and never writes. Questions are answered by workers, so a slow one stalls nobody; a reader
who goes away ends the question. What has not changed since a reader asked costs nothing: an answer
is as old as the record, and the day.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from dealledger.ledger import Head, Ledger
from dealledger.projections.answers.questions import QUESTIONS
from dealledger.web.api import description, path_of
from dealledger.web.guard import App, Rules, guarded
from dealledger.web.page import PageAsked
from dealledger.web.site import json_bytes, page, policy
from dealledger.web.worker import Answered, WorkerQuestion, error_bytes
from dealledger.web.workers import Workers

LOOK_SECONDS: Final = 1
"""How often the record is looked at while somebody wants to know when it grows."""
_SMALL: Final = 1_000
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served. dress: how the page looks, whatever its date.

    today: asked anew for each question, as days pass while a server runs.
    """

    ledger: Ledger
    dress: PageAsked
    today: Callable[[], date]


def application(serving: Serving, rules: Rules) -> App:
    """Return the server as an ASGI application."""
    workers = Workers(serving.ledger.name, serving.dress)
    desk = _Desk(serving, workers)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        workers.warm()
        yield
        workers.stop()

    routes = [
        Route("/", desk.page),
        Route("/page.json", desk.document),
        Route("/openapi.json", desk.openapi),
        Route("/events", desk.events),
        *(Route(path_of(name), desk.asking(name)) for name in QUESTIONS),
    ]
    return guarded(Starlette(routes=routes, lifespan=lifespan), rules, policy("'self'"))


class _Desk:
    """Takes requests, and hands what has to be computed to the workers."""

    def __init__(self, serving: Serving, workers: Workers) -> None:
        self._serving = serving
        self._workers = workers
        self._kept: tuple[str, Answered] | None = None
        self._making = asyncio.Lock()

    async def page(self, request: Request) -> Response:
        """Return the page; it asks for its document."""
        head = await self._head()
        drawn = page(self._serving.dress.title or head.origin, source="/page.json")
        return _answer(request, drawn.encode(), "text/html; charset=utf-8", _tag(drawn))

    async def document(self, request: Request) -> Response:
        """Return the document of the page, made once for each state of the record and day."""
        tag = await self._tag("page")
        if _is_known(request, tag):
            return _unchanged(tag)
        async with self._making:
            if self._kept is None or self._kept[0] != tag:
                asked = WorkerQuestion(None, {}, self._serving.today())
                found = await self._until_gone(request, asked)
                if found is None or found.status != 200:
                    return _failed(found)
                self._kept = (tag, found)
        return _answer(request, self._kept[1].body, _JSON, tag)

    def asking(self, question: str) -> Callable[[Request], Any]:
        """Return what answers a question in the parameters of a URL."""

        async def answer(request: Request) -> Response:
            tag = await self._tag(f"{question}?{request.url.query}")
            if _is_known(request, tag):
                return _unchanged(tag)
            given = request.query_params
            words = {name: tuple(given.getlist(name)) for name in given}
            asked = WorkerQuestion(question, words, self._serving.today())
            found = await self._until_gone(request, asked)
            if found is None or found.status != 200:
                return _failed(found)
            return _answer(request, found.body, _JSON, tag)

        return answer

    async def openapi(self, request: Request) -> Response:
        """Return what can be asked."""
        body = await asyncio.to_thread(lambda: json_bytes(description(version("deal-ledger"))))
        return _answer(request, body, _JSON, _tag(body.decode()))

    async def events(self, request: Request) -> Response:
        """Tell the size and the root of the record, now and whenever it has grown."""

        async def lines() -> AsyncIterator[bytes]:
            size = -1
            while not await request.is_disconnected():
                head = await self._head()
                if head.size != size:
                    size = head.size
                    said = {"size": size, "root": head.tree.root().hex()}
                    yield f"event: head\ndata: {json.dumps(said)}\n\n".encode()
                await asyncio.sleep(LOOK_SECONDS)

        headers = {"cache-control": "no-store"}
        return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)

    async def _until_gone(self, request: Request, asked: WorkerQuestion) -> Answered | None:
        """Return the answer, or None if nobody waits for it any more: then its process ends."""
        answering = asyncio.create_task(self._workers.ask(asked))
        leaving = asyncio.create_task(_gone(request))
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if answering.done():
            return answering.result()
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        return None

    async def _head(self) -> Head:
        return await asyncio.to_thread(self._serving.ledger.head)

    async def _tag(self, asked: str) -> str:
        head = await self._head()
        return _tag(f"{head.tree.root().hex()} {self._serving.today()} {asked}")


async def _gone(request: Request) -> None:
    """Wait until the reader has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _tag(text: str) -> str:
    return f'"{sha256(text.encode()).hexdigest()[:32]}"'


def _is_known(request: Request, tag: str) -> bool:
    return tag in {
        each.strip().removeprefix("W/")
        for each in request.headers.get("if-none-match", "").split(",")
    }


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"etag": tag, "cache-control": "no-cache"})


def _failed(found: Answered | None) -> Response:
    body = error_bytes("nobody waited for the answer") if found is None else found.body
    status = 503 if found is None else found.status
    return Response(body, status, {"cache-control": "no-store"}, _JSON)


def _answer(request: Request, body: bytes, kind: str, tag: str) -> Response:
    """Return what was asked for, packed if the reader takes that."""
    if _is_known(request, tag):
        return _unchanged(tag)
    headers = {"etag": tag, "cache-control": "no-cache"}
    if len(body) > _SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 6, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, 200, headers, kind)
