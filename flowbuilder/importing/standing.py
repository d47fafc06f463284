"""What is drawn while steps are gone through: nodes at their places, and values that wait for a step's turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flowbuilder.importing.drawing import Drawing, Exit, Port, as_text, port_name
from flowbuilder.importing.known import Known
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import How, Item, Report, without_secrets


class Standing:
    """What stands for what."""

    def __init__(self, source: Source, report: Report, known: Known | None = None) -> None:
        self.source = source
        self.report = report
        self.known = known or Known()
        self.drawing = Drawing(reserved=[node.at for node in source.nodes.values()])
        self.question: Port | None = None

    def add(
        self,
        original: Original,
        type_: str,
        settings: dict[str, object] | None = None,
        *,
        label: str | None = None,
        beside: float = 0,
    ) -> str:
        """A node for a step, at its place; with ``beside`` one that serves it, left or right of it."""
        at = self.drawing.beside(original.at, beside) if beside else original.at
        wanted = f"{original.id}_{label or type_.rpartition('.')[2]}" if beside else original.id
        return self.drawing.node(
            type_,
            at,
            wanted=wanted,
            label=original.label if label is None else label,
            settings=settings,
            owner=original.id,
        )

    def became(self, original: Original, how: How, why: str = "", *ids: str) -> None:
        """Whatever of its settings was not looked at is lost, and said to be."""
        self.report.items.append(Item(original.id, original.kind, original.label, how, list(ids), why))
        if how in {How.CONVERTED, How.APPROXIMATED, How.MERGED}:
            for name, value in original.kept.items():
                if name not in original.used:
                    self.report.lose(original.label, name, value)

    def placeholder(
        self, original: Original, before: Exit | None, why: str, branches: Iterable[str] = ("out",)
    ) -> Mapping[str, Exit]:
        gives = {branch: port_name(branch or "out", "branch") for branch in branches}
        settings = placeholder_of(
            self.report.source, original, why, ["before"] if before else [], gives.values()
        )
        id_ = self.add(original, "flow.placeholder", settings)
        if before:
            self.drawing.wire(self.gate(original, before), id_, "before")
        self.became(original, How.PLACEHOLDER, why, id_)
        return {branch: Exit.of(Port(id_, name)) for branch, name in gives.items()}

    def gate(self, original: Original, before: Exit) -> Port:
        """What came before, there only where it goes on this way."""
        if before.content == before.control:
            return before.content
        return self.after(original, before.content, before.control)

    def held(self, original: Original, value: Port, before: Exit | None) -> Port:
        """A value, there only where it is this step's turn."""
        if before is None or (value in {before.content, before.control} and before.content == before.control):
            return value
        if value == before.control or before.control == self.question:
            return value
        return self.after(original, value, before.control)

    def after(self, original: Original, value: Port, control: Port) -> Port:
        id_ = self.add(original, "flow.after", label="after", beside=-160)
        self.drawing.wire(value, id_, "value")
        self.drawing.wire(control, id_, "after")
        return Port(id_)


def placeholder_of(
    source: str, original: Original, why: str, takes: Iterable[str], gives: Iterable[str]
) -> dict[str, object]:
    kept = without_secrets({"type": original.kind, "label": original.label, "settings": original.kept})
    return {
        "was": f"{source}: {original.kind}"[:200],
        "missing": why[:4000],
        "kept": as_text(kept)[:500_000],
        "takes": list(dict.fromkeys(takes)),
        "gives": list(dict.fromkeys(gives)) or ["out"],
    }
