"""What texts and settings name: what other steps said, variables, the conversation so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flowbuilder.importing.drawing import Exit, Port, numbered, port_name
from flowbuilder.importing.known import Known
from flowbuilder.importing.order import Order, Region
from flowbuilder.importing.original import Original, Source
from flowbuilder.importing.report import Report
from flowbuilder.importing.standing import Standing
from flowbuilder.importing.texts import filled


class Values(Standing):
    def __init__(self, source: Source, report: Report, known: Known | None = None) -> None:
        super().__init__(source, report, known)
        self.exits: dict[str, Mapping[str, Exit]] = {}
        self.start = ""
        """The step that a run begins with."""
        self.state: dict[str, str] = {}
        """What is remembered in a run, with how it begins."""
        self.state_scope = "run"
        self.named: dict[str, Callable[[Original, str], Port | None]] = {}
        """By the beginning of an expression: who gives its value."""
        self.order = Order([], [])
        self.regions: list[Region] = []
        self.remembered: set[str] = set()
        self.by_node: Callable[[Original, str, str], Port | None] = self.said_by
        """Who gives what another node of the file says."""
        self.expression: Callable[[Original, str], Port | None] | None = None
        """Who gives every value, where expressions are written otherwise."""
        self.now: dict[str, Exit | None] = {}
        """What came before each step whose turn has come."""
        self.kept_memory: Port | None = None
        """The node *Memory*, once something needs it."""

    def memory(self) -> Port:
        if self.kept_memory is None:
            first = self.source.nodes.get(self.start) or next(iter(self.source.nodes.values()))
            at = self.drawing.beside((first.at[0], first.at[1] + 190), 0)
            id_ = self.drawing.node(
                "language.memory", at, wanted="memory", label="Memory", settings={"turns": 20}
            )
            self.report.added.append(id_)
            self.kept_memory = Port(id_)
        return self.kept_memory

    def fill(self, original: Original, text: str) -> tuple[str, dict[str, Port]]:
        """A text with its mentions as inputs, and what is wired to them."""
        ports: dict[str, Port] = {}
        names: dict[Port, str] = {}

        def name_of(expression: str) -> str | None:
            port = self.value(original, expression)
            if port is None:
                told = f"'{{{{ {expression} }}}}' has no counterpart here and stays as it is written."
                self.report.needs(original.label, told)
                return None
            if port not in names:
                wanted = port_name(expression.replace(".output", ""))
                taken = {"history", "before", *ports}
                name = next(name for name in numbered(wanted) if name not in taken)
                names[port], ports[name] = name, port
            return names[port]

        return filled(text, name_of), ports

    def value(self, original: Original, expression: str) -> Port | None:
        """What an expression means at a step."""
        if self.expression is not None:
            return self.expression(original, expression)
        head = expression.partition(".")[0]
        for start, give in self.named.items():
            if expression == start or expression.startswith(f"{start}."):
                return give(original, expression[len(start) :].strip("."))
        if head in self.source.nodes and head != original.id:
            return self.by_node(original, head, expression[len(head) :].strip("."))
        return None

    def said_by(self, original: Original, step: str, path: str = "") -> Port | None:
        """What another step gave; where it may not have come to it, a blank."""
        if step == self.start:
            return self.question if not path else None
        here = self._level(original.id, step)
        if here is None or step not in self.order.before(here):
            found = self._recall(original, step)
        else:
            exits = self.exits.get(step)
            if not exits:
                return None
            content = next(iter(exits.values())).content
            found = content if self.order.dominates(step, here) else self._or_blank(original, content)
        return self.part(original, found, path) if path else found

    def messages_so_far(self, original: Original) -> Port | None:
        """How many messages there were: in a loop two more each round."""
        if not any(original.id in region.steps for region in self.regions):
            return None
        index = self.add(original, "flow.group_input", {"name": "index"}, label="round", beside=-480)
        counts = {"names": ["index"], "code": "2 * index + 2"}
        id_ = self.add(original, "tools.code", counts, label="messages so far", beside=-320)
        self.drawing.wire(Port(index), id_, "index")
        return Port(id_, "text")

    def part(self, original: Original, port: Port, path: str) -> Port:
        """A field of a record."""
        path = path.removeprefix("output").strip(".")
        if not path or path in {"content", "text"}:
            return port
        expression = ".".join(f'"{name}"' for name in path.split(".") if name) or "@"
        id_ = self.add(original, "tools.map", {"expression": expression[:2000]}, label=path[:60], beside=-320)
        self.drawing.wire(port, id_, "data")
        return Port(id_, "text")

    def variable(self, original: Original, name: str, scope: str, default: str = "") -> Port:
        """Read as it is when the step's turn comes."""
        # Left empty its output would be untaken, and what hangs on it skipped: a blank is what it was there.
        settings = {"scope": scope, "name": name[:100], "default": default or " "}
        id_ = self.add(original, "flow.read_variable", settings, label=name, beside=-320)
        if before := self.now.get(original.id):
            self.drawing.wire(before.control, id_, "after")
        return Port(id_)

    def remember(self, original: Original, name: str, value: Port, scope: str | None = None) -> Port:
        """Set a variable behind a step; goes on with the value."""
        settings = {"scope": scope or self.state_scope, "name": name[:100]}
        id_ = self.add(original, "flow.set_variable", settings, label=f"Set {name}", beside=320)
        self.drawing.wire(value, id_, "value")
        return Port(id_)

    def _level(self, step: str, other: str) -> str | None:
        """The step itself, or the iteration around it, that stands beside the other."""
        wanted = self.source.nodes[other].parent
        at = step
        while at in self.source.nodes:
            if self.source.nodes[at].parent == wanted:
                return at
            at = self.source.nodes[at].parent
        return None

    def _recall(self, original: Original, step: str) -> Port:
        self.remembered.add(step)
        return self.variable(original, f"said by {step}", "run")

    def _or_blank(self, original: Original, content: Port) -> Port:
        blank = self.add(original, "text.prompt", {"template": " "}, label="nothing", beside=-480)
        id_ = self.add(original, "flow.merge", {"how": "first"}, label="or nothing", beside=-320)
        self.drawing.wire(content, id_, "values")
        self.drawing.wire(Port(blank), id_, "values")
        return Port(id_)
