"""A version's model card, written from facts; what a person says of the model stands beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub import origin
from flowbuilder.modelhub.lineage import ancestors
from flowbuilder.modelhub.models import Kind, ModelVersion, Source

SPECIAL = re.compile(r"([\\`*\[\]<|])")
SOURCES = {
    Source.SHIPPED: "came with Flowbuilder",
    Source.FOLDER: "added from a folder",
    Source.HUB: "added from the hub",
    Source.JOB: "trained here",
}
PIPELINES = {Kind.CAUSAL: "text-generation", Kind.SEQ2SEQ: "text2text-generation"}


@dataclass(frozen=True)
class Section:
    title: str
    rows: Sequence[Sequence[str]]
    """Cells; the first row is the table's head."""
    text: str = ""
    """A sentence before the table."""

    def markdown(self) -> str:
        head, *rows = self.rows or [[]]
        lines = [f"## {self.title}", ""]
        lines += [self.text, ""] if self.text else []
        if head:
            lines += [_line(head), _line(["---"] * len(head), plain=True), *map(_line, rows), ""]
        return "\n".join(lines)


sources: list[Callable[[Asker, ModelVersion], list[Section]]] = []
"""Apps above add what they know: how it was trained and on what, what evaluations found, what people said."""


def card_of(asker: Asker, version: ModelVersion, *, files: bool = True) -> str:
    """Markdown. ``files`` are left out where a page shows them beside it."""
    sections = [_model(asker, version), *_measured(asker, version)]
    for told in sources:
        sections += told(asker, version)
    sections += _files(version) if files else []
    parts = [f"# {version.ref}", "", *_statements(version)]
    return "\n".join([*parts, *(section.markdown() for section in sections)])


def front_matter(asker: Asker, version: ModelVersion) -> str:
    """What hubs read at the head of a README: only what is known."""
    base = ancestors(asker, version)[-1]
    facts = {
        "license": origin.licence(base.folder).lower(),
        "library_name": "transformers",
        "pipeline_tag": PIPELINES.get(Kind(version.kind), "text-classification"),
        "base_model": base.location.partition("@")[0] if base.source == Source.HUB else "",
    }
    known = [f"{name}: {value}" for name, value in facts.items() if re.fullmatch(r"[\w./+-]+", value)]
    return "\n".join(["---", *known, "---", "", ""])


def _statements(version: ModelVersion) -> list[str]:
    """Said by people, and marked as such."""
    model = version.model
    said = [("Intended use", model.intended_use), ("Limits", model.limits)]
    return [
        line
        for title, text in said
        if text.strip()
        for line in (f"## {title}", "", "*As its people describe it:*", "", text.strip(), "")
    ]


def _model(asker: Asker, version: ModelVersion) -> Section:
    base, parent = ancestors(asker, version)[-1], version.parent_to(asker)
    rows = [
        ("Fact", "Value"),
        ("Kind", version.get_kind_display()),
        ("Parameters", f"{version.parameters:,}"),
        *origin.architecture(version.folder).items(),
        ("Made", f"{version.created_at:%Y-%m-%d %H:%M} UTC, {SOURCES[Source(version.source)]}"),
        ("Trained from", parent.ref if parent else "nothing that is here"),
        ("Base", _place(base)),
        ("Licence of the base", origin.licence(base.folder) or "not stated in its folder"),
    ]
    if version.source != Source.JOB:
        rows = [row for row in rows if row[0] != "Trained from"]
    return Section("Model", rows)


def _place(base: ModelVersion) -> str:
    if base.source == Source.HUB:
        return f"{base.location} on the hub ({base.ref})"
    return f"{base.ref}, {SOURCES[Source(base.source)]}"


def _measured(asker: Asker, version: ModelVersion) -> list[Section]:
    """Figures of the training that made it, with those of the version before where it has the same."""
    if not version.metrics:
        return []
    parent = version.parent_to(asker)
    before = parent.metrics if parent else {}
    shared = before.keys() & version.metrics.keys()
    if parent is None or not shared:
        rows = [("Figure", version.ref), *((name, number(value)) for name, value in version.metrics.items())]
        return [Section("Measured", rows)]
    head = ("Figure", parent.ref, version.ref)
    told = (
        (name, number(before[name]) if name in before else "", number(value))
        for name, value in version.metrics.items()
    )
    return [Section("Measured", [head, *told])]


def number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _files(version: ModelVersion) -> list[Section]:
    if not version.files:
        return []
    rows = [(file["name"], f"{file['size']:,}", file["sha256"]) for file in version.files]
    return [Section("Files", [("File", "Bytes", "SHA-256"), *rows])]


def _line(cells: Sequence[str], *, plain: bool = False) -> str:
    shown = [cell if plain else SPECIAL.sub(r"\\\1", " ".join(str(cell).split())) for cell in cells]
    return f"| {' | '.join(shown)} |"
