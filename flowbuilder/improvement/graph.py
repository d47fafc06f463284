"""The plan as a flow: collect, teach, learn the taste, practise, judge, gate. It is edited as any other."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from flowbuilder.improvement.plan import Plan, Step

COLUMN, TOP, LOWER = 300, 60, 320
Graph = dict[str, Any]


class Drawing:
    """Nodes from left to right, each wired to earlier ones as it is put down."""

    def __init__(self) -> None:
        self.graph: Graph = {"nodes": [], "wires": [], "notes": []}

    def put(
        self,
        node: str,
        type_: str,
        label: str,
        settings: dict[str, Any],
        *,
        column: int,
        y: int = TOP,
        **wired: tuple[str, str],
    ) -> None:
        """``wired`` is an input port with the node and the port that it comes from."""
        position = {"x": column * COLUMN, "y": y}
        self.graph["nodes"].append(
            {"id": node, "type": type_, "label": label, "settings": settings, "position": position}
        )
        for port, (source, source_port) in wired.items():
            number = len(self.graph["wires"]) + 1
            self.graph["wires"].append(
                {
                    "id": f"w{number}",
                    "source": source,
                    "source_port": source_port,
                    "target": node,
                    "target_port": port,
                }
            )

    def note(self, text: str) -> None:
        size = {"width": 620, "height": 150}
        self.graph["notes"].append(
            {"id": "note_1", "text": text, "position": {"x": 0, "y": TOP - 210}, "size": size}
        )


def training_graph(plan: Plan, steps: list[Step], *, promote: bool) -> Graph:
    """What trains ``plan.model`` in these steps, judges the result beside it, and lets the gate decide."""
    if plan.model is None:
        raise ValueError("a plan without a model trains nothing")
    drawing = Drawing()
    base = plan.model.ref
    drawing.put(
        "collect_1", "data.collect", _("Collect choices"), collected(plan, "preference"), column=0, y=LOWER
    )
    newest: dict[str, tuple[str, str]] = {}
    judge: dict[str, tuple[str, str]] = {}
    for number, step in enumerate(steps, start=1):
        label = f"{number} · {step.title}"
        settings = {"model": base, **step.settings}
        match step.kind:
            case "sft":
                answers = collected(plan, "completion")
                drawing.put("collect_2", "data.collect", _("Collect answers"), answers, column=0)
                wired = {"demonstrations": ("collect_2", "demonstrations")}
                drawing.put("teach_1", "training.sft", label, settings, column=number, **wired)
                newest = {"start": ("teach_1", "out")}
            case "reward_model":
                wired = {"preferences": ("collect_1", "preferences"), **newest}
                drawing.put(
                    "taste_1", "training.reward_model", label, settings, column=number, y=LOWER, **wired
                )
                judge = {"reward_model": ("taste_1", "out")}
            case "practice":
                wired = {"prompts": ("collect_1", "prompts"), **judge, **newest}
                drawing.put("practise_1", "training.fine_tune", label, settings, column=number, **wired)
                newest = {"start": ("practise_1", "out")}
            case "preference":
                wired = {"preferences": ("collect_1", "preferences"), **newest}
                drawing.put("choose_1", "training.preference", label, settings, column=number, **wired)
                newest = {"start": ("choose_1", "out")}
    column = len(steps) + 1
    made = {"after": newest["start"]}
    asked = {"prompts": ("collect_1", "held_out")}
    drawing.put(
        "judge_1",
        "training.evaluate",
        _("Judge"),
        {"baseline": base},
        column=column,
        **made,
        **asked,
        **judge,
    )
    gated = {"report": ("judge_1", "out"), **made}
    drawing.put("gate_1", "training.gate", _("Gate"), {"promote": promote}, column=column + 1, **gated)
    drawing.put("reply_1", "flow.reply", _("Report"), {}, column=column + 2, content=("gate_1", "verdict"))
    drawing.note(
        _(
            "**Improves “%(flow)s”.** What people said of its answers becomes data, `%(base)s` learns from it, and the "
            "new version is judged beside it on questions that it never trained on. The gate says whether it may "
            "take its place. Change what you like: this is a flow like any other."
        )
        % {"flow": plan.flow.name, "base": base}
    )
    return drawing.graph


def collected(plan: Plan, kind: str) -> dict[str, Any]:
    """Settings of a node that takes feedback of one kind. A question is in the same split in both datasets."""
    return {"flow": plan.flow.slug, "dataset": f"{plan.flow.slug[:45]}-{kind}", "kind": kind}
