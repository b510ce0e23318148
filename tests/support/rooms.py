"""Draw the rooms of the house from what the files import; docs/rooms.svg is this picture.

An arrow says "imports". Left out is what would be everywhere: arrows into events, between a layer's
own files and its rooms, and those that a longer way implies. `make docs` draws it anew, and a test
holds the picture against the imports.
"""

from __future__ import annotations

import ast
import html
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import networkx as nx

from dealledger.projections.diagram.render import raw

ROOT: Final = Path(__file__).parents[2]
PICTURE: Final = ROOT / "docs" / "rooms.svg"
LAYERS: Final = ("events", "ledger", "projections", "web", "cli")

DRESS: Final = """digraph rooms {
graph [rankdir=TB, fontname="Helvetica", fontsize=13, nodesep=0.25, ranksep=0.55, bgcolor="white"]
node [shape=box, style="filled,rounded", fillcolor="#ffffff", color="#666666", fontname="Helvetica",
  fontsize=11, margin="0.12,0.07"]
edge [color="#0072B2", arrowsize=0.7]"""

Edge = tuple[str, str]


def rooms() -> dict[str, str]:
    """Return what each room is for, by its folder: the first line of its `__init__.py`."""
    found = {}
    for layer in LAYERS:
        for file in sorted((ROOT / layer).rglob("__init__.py")):
            said = ast.get_docstring(ast.parse(file.read_text())) or ""
            found[str(file.parent.relative_to(ROOT))] = said.partition("\n")[0]
    return found


def imports() -> set[Edge]:
    """Return which room imports from which: two folders, wherever in a file it does."""
    known = rooms().keys()
    found = set()
    for room in known:
        for file in (ROOT / room).glob("*.py"):
            for name in _imported(ast.parse(file.read_text())):
                other = name if name in known else name.rpartition("/")[0]
                if other in known:
                    found.add((room, other))
    return found


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield the paths of what a file imports of ours, such as "ledger/proof/note"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dealledger."):
            yield str(node.module).removeprefix("dealledger.").replace(".", "/")


def arrows() -> list[Edge]:
    """Return the arrows of the picture, sorted."""
    graph = nx.DiGraph(edge for edge in imports() if not _is_everywhere(*edge))
    whole = nx.condensation(graph)
    found = []
    for one, other in nx.transitive_reduction(whole).edges:
        members = (whole.nodes[one]["members"], whole.nodes[other]["members"])
        found += [(a, b) for a in members[0] for b in members[1] if graph.has_edge(a, b)]
    found += [(a, b) for a, b in graph.edges if graph.has_edge(b, a)]
    return sorted(found)


def _is_everywhere(room: str, other: str) -> bool:
    return other == "events" or f"{room}/".startswith(f"{other}/") or other.startswith(f"{room}/")


def dot() -> str:
    """Return the picture as DOT: a frame for each layer, a box for each room."""
    lines = [DRESS]
    said = rooms()
    for layer in reversed(LAYERS):
        lines.append(f'subgraph "cluster_{layer}" {{ label="{layer}/"; labeljust=l; style=filled;')
        lines.append('fillcolor="#f2f5f8"; color="#b8c4ce";')
        for room in said:
            if room.split("/")[0] == layer:
                words = r"\n".join(textwrap.wrap(re.split(r"[:;.]", said[room])[0], 26))
                name = f"{room}/" if "/" in room else f"{room}/*.py"
                lines.append(rf'"{room}" [label="{name}\n{words}"];')
        lines.append("}")
    lines += [f'"{a}" -> "{b}";' for a, b in arrows()]
    lowest = ["ledger/proof", "ledger/storage", "ledger"]
    lines += [f'"{each}" -> "events" [style=invis];' for each in lowest]
    return "\n".join([*lines, "}"])


def drawn(svg: str) -> set[str]:
    """Return what a picture shows: the titles of its boxes and arrows, such as "cli->web"."""
    titles = {html.unescape(each) for each in re.findall("<title>(.*?)</title>", svg)}
    hidden = {f"{each}->events" for each in ("ledger/proof", "ledger/storage", "ledger")}
    return {each for each in titles if not each.startswith("cluster_")} - {"rooms"} - hidden


def wanted() -> set[str]:
    """Return what the picture is to show now."""
    return {*rooms(), *(f"{a}->{b}" for a, b in arrows())}


if __name__ == "__main__":
    PICTURE.write_bytes(raw(dot()))
