"""Vector stores of Langflow, and what fills them."""

from __future__ import annotations

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.flowise.tools import tool_name
from flowbuilder.importing.langflow.draw import Draw
from flowbuilder.importing.original import Original, whole_in
from flowbuilder.importing.report import How

SEARCHES = "A knowledge base takes its place: put what it held into one, and choose it ('base')."


def store(to: Draw, node: Original) -> None:
    offers = bool(node.data.get("tool_mode"))
    limit = whole_in(node.take("number_of_results"), 1, 50)
    settings: dict[str, object] = {"limit": limit} if limit else {}
    if offers:
        settings["tool_name"] = tool_name(node.label)
    node.ignore("embedding", "embedding_model", "ingest_data", "search_query", "api_key", "token")
    asked = any(edge.target_port == "search_query" for edge in to.stage.source.into(node.id))
    if not asked and not offers and not to.stage.source.out_of(node.id):
        to.placeholder(node, SEARCHES)
        return
    id_ = to.stage.add(node, "knowledge.retrieve", settings)
    if not offers:
        text = to.stage.add(node, "text.prompt", {"template": "{{ query }}"}, label="query", beside=-160)
        to.stage.drawing.wire(to.text(node, "search_query"), text, "query")
        to.stage.drawing.wire(Port(text), id_, "question")
    to.stage.report.needs(node.label, SEARCHES)
    to.outputs[node.id] = {"search_results": Port(id_, "tool" if offers else "out")}
    to.stage.became(node, How.CONVERTED, "", id_)


def configures(to: Draw, node: Original) -> None:
    """Embeddings, splitters and loaders: a knowledge base has its own."""
    why = "A knowledge base reads, splits and embeds documents itself."
    id_ = to.stage.drawing.note(f"**{node.label}**\n\n{why}", node.at, wanted=node.id, colour="blue")
    to.outputs[node.id] = {}
    to.stage.became(node, How.MERGED, why, id_)
