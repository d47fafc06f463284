"""The reference as Markdown files: ``manage.py node_reference`` writes them into ``docs/nodes``."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from flowbuilder.flows.reference.entries import Entry, by_category


def files() -> dict[str, str]:
    """Name -> text: one for each node, and a list of all; in English, whoever asks."""
    with translation.override("en"):
        groups = by_category()
        pages = {f"{each.type}.md": page(each) for _, entries in groups for each in entries}
    return {"README.md": "\n".join(_list(groups)) + "\n", **pages}


def page(entry: Entry) -> str:
    return "\n".join(_lines(entry)) + "\n"


def _list(groups: list[tuple[str, list[Entry]]]) -> Iterator[str]:
    yield "# The nodes"
    yield ""
    yield "Written by `python manage.py node_reference` from the nodes' classes."
    for category, entries in groups:
        yield from ("", f"## {category.capitalize()}", "", "| node | type | what it does |", "|---|---|---|")
        for each in entries:
            yield f"| [{each.title}]({each.type}.md) | `{each.type}` | {_cell(each.paragraphs[0])} |"


def _lines(entry: Entry) -> Iterator[str]:
    yield from (f"# {entry.title}", "", f"`{entry.type}`", "")
    for paragraph in entry.paragraphs:
        yield from (paragraph, "")
    if entry.sends_out:
        yield from ("**It sends data out of your machines.**", "")
    for title, ports in (("Inputs", entry.inputs), ("Outputs", entry.outputs)):
        yield from (f"## {title}", "")
        if not ports:
            yield "None." if not entry.dynamic else "As its settings decide."
        for port in ports:
            notes = [] if port["required"] or title == "Outputs" else ["may stay unconnected"]
            notes += ["takes any number of wires"] if port["gathers"] else []
            yield f"- `{port['name']}`: {port['type']}{''.join(f', {note}' for note in notes)}"
        if ports and entry.dynamic:
            yield "- more, or others, as its settings decide"
        yield ""
    yield from ("## Settings", "")
    if entry.settings:
        yield from ("| setting | type | rules | |", "|---|---|---|---|")
        for row in entry.settings:
            name = f"{'&nbsp;' * 4 * row.depth}`{row.name}`"
            yield f"| {name} | {_cell(row.type)} | {_cell(row.rules)} | {_cell(row.about)} |"
    else:
        yield "None."
    yield from ("", " ".join(entry.facts))
    if entry.examples:
        titles = ", ".join(f"“{example.title}”" for example in entry.examples)
        yield from ("", f"In the gallery: {titles}.")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")
