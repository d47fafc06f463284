"""What becomes of Flowise's own templates, as the page in ``docs``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from flowbuilder.engine.problem import Problem
from flowbuilder.engine.validate import problems
from flowbuilder.flows.nodes import catalogue
from flowbuilder.importing.needs import goes_without, needs_of, stops_at
from flowbuilder.importing.report import How
from flowbuilder.importing.units import Drawn, found_in

VERSION = "3.1.4"
FOLDERS = ("agentflowsv2", "agentflows", "chatflows", "tools")
HEAD = f"""# What becomes of Flowise's templates

Written by `python manage.py flowise_table FOLDER` from the marketplaces of the npm package `flowise` {VERSION}; a test holds it.
Every node of a template is one of: *converted* (it does here what it did there), *approximated* (nearly; the report says
how), *merged* (its settings went into the node that it was plugged into, and a note stands where it stood), a *note*, or a *placeholder*
(it has no counterpart; it keeps its settings, and a run stops there). *Nodes here* counts those in groups as well: a step whose text
names other steps takes more than one node. *Errors* are what the engine has against the flow before a model, a knowledge base or an address is chosen.
*Runs* says what somebody has to give first; a test gives each of these and runs the flow from its start to its reply.

"""


def table(folder: Path) -> str:
    rows = list(_rows(folder))
    lines = [
        "| template | kind | nodes | wires | converted | approximated | merged | notes | placeholders | nodes here | lost settings | errors | runs |"
    ]
    lines.append("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|")
    lines += [f"| {' | '.join(row)} |" for row in rows]
    sums = [str(sum(int(row[at]) for row in rows)) for at in range(2, 12)]
    lines.append(f"| **all {len(rows)}** | | {' | '.join(sums)} | {_of_all(row[12] for row in rows)} |")
    return f"{HEAD}{chr(10).join(lines)}\n\n## Placeholders, and why\n\n{chr(10).join(_why(folder))}\n"


def drawn_in(folder: Path) -> Iterator[tuple[str, Path, Drawn]]:
    for kind in FOLDERS:
        for path in sorted((folder / kind).glob("*.json")):
            yield kind, path, found_in([(path.name, path.read_bytes())]).flows[0]


def errors_of(drawn: Drawn) -> list[Problem]:
    return [each for each in problems(drawn.graph, catalogue()) if each.severity == "error"]


def _rows(folder: Path) -> Iterator[list[str]]:
    for kind, path, drawn in drawn_in(folder):
        said = json.loads(path.read_bytes())
        counts = drawn.report.counts()
        numbers = [len(said.get("nodes", [1])), len(said.get("edges", []))]
        numbers += [
            counts[how] for how in (How.CONVERTED, How.APPROXIMATED, How.MERGED, How.NOTE, How.PLACEHOLDER)
        ]
        numbers += [sum(1 for _ in drawn.graph.everything()), len(drawn.report.lost), len(errors_of(drawn))]
        yield [path.stem, kind, *map(str, numbers), runs(drawn)]


def runs(drawn: Drawn) -> str:
    if stops := stops_at(drawn.graph):
        return f"stops at {', '.join(stops)}"
    needs, without = needs_of(drawn.graph), goes_without(drawn.graph)
    told = f"once given {', '.join(needs)}" if needs else "yes"
    return f"{told}; without {', '.join(without)}" if without else told


def _of_all(said: Iterable[str]) -> str:
    listed = list(said)
    stops = sum(each.startswith("stops") for each in listed)
    return f"{len(listed) - stops}; {stops} stop at a placeholder" if stops else str(len(listed))


def _why(folder: Path) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = {}
    for _, path, drawn in drawn_in(folder):
        for item in drawn.report.items:
            if item.how is How.PLACEHOLDER:
                found.setdefault((item.kind, item.why), []).append(path.stem)
    for (kind, why), stems in sorted(found.items()):
        yield f"- `{kind}` ({', '.join(dict.fromkeys(stems))}): {why}"
