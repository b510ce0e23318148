"""Scripts without what only people read: comments, indentation, spaces around signs.

It knows of JavaScript only where a string, a template, a regular expression and a comment begin and
end; what is in them stays as it is, and a line's end stays where it may end a statement. Licences
(`/*!`) are left out too: who joins scripts says them elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_PIECE: Final = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<tick>`)
    |(?P<space>\s+)
    |(?P<word>[\w$.]+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_PATTERN: Final = re.compile(r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*")
_BEFORE_PATTERN: Final = re.compile(r"(?:^|[(,=:\[!&|?{};+]|\breturn)$")
_OPENS: Final = frozenset("{(,;[=&|?:+\n")
_CLOSES: Final = frozenset("})],.")


def packed(source: str) -> str:
    """Return a script that does the same as *source* in fewer letters."""
    out: list[str] = []
    for piece in _pieces(source):
        last = out[-1][-1] if out else "\n"
        if not piece.isspace():
            if last in " \n" and len(out) > 1 and _closed(out, piece[0]):
                out.pop()
            out.append(piece)
        elif "\n" in piece:
            if last == " ":
                out.pop()
                last = out[-1][-1]
            if last not in _OPENS:
                out.append("\n")
        elif last not in " \n" and _joins(last):
            out.append(" ")
    return "".join(out).strip()


def _joins(letter: str) -> bool:
    """Say whether a space after *letter* may part two words."""
    return letter.isalnum() or letter in "_$+-"


def _closed(out: list[str], following: str) -> bool:
    """Say whether the space at the end of *out* parts nothing."""
    if out[-1] == "\n":
        return following in _CLOSES
    before = out[-2][-1]
    return not (_joins(following) and (before not in "+-" or before == following))


def _pieces(source: str) -> Iterator[str]:
    """Yield the pieces of a script in order, without its comments."""
    at = 0
    last = ""
    while at < len(source):
        kind, end = _piece(source, at, last)
        if kind == "template":
            yield _template(source[at:end])
        elif kind != "comment":
            yield source[at:end]
        if kind not in {"comment", "space"}:
            last = source[at:end]
        at = end


def _piece(source: str, at: int, last: str) -> tuple[str | None, int]:
    """Return what begins at *at*, after the piece *last*, and where it ends."""
    if _BEFORE_PATTERN.search(last) and (pattern := _PATTERN.match(source, at)):
        return "pattern", pattern.end()
    found = _PIECE.match(source, at)
    assert found is not None
    if found.lastgroup == "tick":
        return "template", _template_end(source, at)
    return found.lastgroup, found.end()


def _template(source: str) -> str:
    """Return a template with what is in its holes packed."""
    parts = []
    at = kept = 0
    while at < len(source):
        if source[at] == "\\":
            at += 2
        elif source.startswith("${", at):
            end = _hole_end(source, at + 2)
            parts += [source[kept : at + 2], packed(source[at + 2 : end - 1]), "}"]
            at = kept = end
        else:
            at += 1
    return "".join(parts) + source[kept:]


def _template_end(source: str, at: int) -> int:
    """Return where the template that begins at *at* ends, with what is in its holes."""
    at += 1
    while source[at] != "`":
        if source[at] == "\\":
            at += 2
        elif source.startswith("${", at):
            at = _hole_end(source, at + 2)
        else:
            at += 1
    return at + 1


def _hole_end(source: str, at: int) -> int:
    """Return where the expression in a template ends, after its brace."""
    depth = 1
    last = "{"
    while depth:
        kind, end = _piece(source, at, last)
        if kind not in {"comment", "space"}:
            last = source[at:end]
            depth += {"{": 1, "}": -1}.get(last, 0)
        at = end
    return at
