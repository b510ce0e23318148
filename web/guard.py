"""Who may ask: of the right host, from no other site, only to read, and with the token if any.

A page of another site can make a reader's browser ask a server on the reader's own machine, by
its address or by a name that was made to point there. So the server answers only to names that it
knows, refuses what a browser says comes from elsewhere, and never says that others may read it.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_URL: Final = 4_096
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""What reaches only this machine."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask. token: what they must know; hosts: further names that the server answers to.

    anywhere: addresses in numbers are also its names, as it does not only listen to this machine.
    """

    token: str | None = None
    hosts: Collection[str] = ()
    anywhere: bool = False

    def refusal(self, method: str, target: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Return the status and why a request is refused; (200, "") if it is not.

        headers: by their names in lower case.
        """
        if method not in ("GET", "HEAD"):
            return 405, "this server only reads"
        if len(target) > LONGEST_URL:
            return 414, f"the URL is longer than {LONGEST_URL:,} characters"
        if not self._is_named(_host(headers.get("host", ""))):
            return 421, "this server does not answer to that name"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403, "this was asked by another site"
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != headers.get("host"):
            return 403, "this was asked by another site"
        if self.token is not None and not self._is_known(headers.get("authorization", "")):
            return 401, "this server asks for its token, as the password of any user"
        return 200, ""

    def _is_named(self, host: str) -> bool:
        return host in HERE or host in self.hosts or (self.anywhere and _is_address(host))

    def _is_known(self, said: str) -> bool:
        kind, _, value = said.partition(" ")
        if kind.lower() == "basic":
            try:
                value = b64decode(value, validate=True).decode().partition(":")[2]
            except (Error, UnicodeDecodeError):
                return False
        elif kind.lower() != "bearer":
            return False
        return hmac.compare_digest(value.encode(), (self.token or "").encode())


def guarded(app: App, rules: Rules, policy: str) -> App:
    """Return *app* behind the rules; all of its answers carry the headers of a careful server."""
    always = [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"SAMEORIGIN"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"vary", b"accept-encoding, authorization"),
    ]

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *always]}
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1")
                   for name, value in scope["headers"]}  # fmt: skip
        target = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        status, why = rules.refusal(scope["method"], target, headers)
        if status == 200:
            await app(scope, receive, sending)
            return
        await _refuse(sending, status, why)

    return ask


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="Deal Ledger", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode()})


def _host(header: str) -> str:
    """Return the name in a Host header, without its port.

    >>> _host("localhost:80"), _host("[::1]:8000"), _host("")
    ('localhost', '::1', '')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0].lower()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
