"""A report as its page shows it: what needs somebody first, then everything."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from flowbuilder.importing.models import Import

ORDER = ("placeholder", "approximated", "converted", "merged", "note")


def shown(found: Import) -> dict[str, Any]:
    flows = [_flow(each) for each in found.report.get("flows", [])]
    return {
        "flows": flows,
        "workspaces": found.report.get("workspaces", []),
        "has_ours": any(not each["report"] for each in flows),
    }


def _flow(told: dict[str, Any]) -> dict[str, Any]:
    report = told["report"]
    if not report:
        return {**told, "items": [], "attention": len(told["problems"]), "counts": []}
    items = sorted(report["items"], key=lambda item: ORDER.index(item["how"]))
    errors = [problem for problem in told["problems"] if problem["severity"] == "error"]
    attention = (
        report["counts"]["placeholder"] + len(report["todo"]) + len(report["hosts"]) + len(report["secrets"])
    )
    counts = [
        {"how": how, "label": _labels()[how], "count": report["counts"][how]}
        for how in ORDER
        if report["counts"][how]
    ]
    for item in items:
        item["label_of_how"] = _labels()[item["how"]]
    labels = {id_: item["label"] for item in items for id_ in item["became"]}
    return {
        **told,
        "items": items,
        "errors": [{**each, "node": labels.get(each["node"], each["node"])} for each in errors],
        "attention": attention,
        "counts": counts,
        "hosts": _together(report["hosts"], "host"),
        "secrets": _together(report["secrets"], "what"),
        "todo": _together(report["todo"], "what"),
    }


def _together(needs: list[dict[str, Any]], what: str) -> list[dict[str, str]]:
    """What several nodes need is said once, with their names."""
    nodes: dict[str, list[str]] = {}
    for each in needs:
        nodes.setdefault(each[what], []).append(each["node"])
    return [{what: need, "node": ", ".join(filter(None, names))} for need, names in nodes.items()]


def _labels() -> dict[str, str]:
    return {
        "placeholder": _("Placeholder"),
        "approximated": _("Approximated"),
        "converted": _("Converted"),
        "merged": _("Part of another node"),
        "note": _("Note"),
    }
