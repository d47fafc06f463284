"""The 64 templates that Flowise 3.1.4 brings: each comes in whole, and what became of it is written down."""

import itertools
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from flowbuilder.engine.compiled import Compiled
from flowbuilder.flows.nodes import catalogue
from flowbuilder.importing.cards import cards_of
from flowbuilder.importing.report import How
from flowbuilder.importing.spreading import touching
from flowbuilder.importing.table import drawn_in, errors_of, table
from flowbuilder.importing.texts import plain

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PROMPTS = re.compile(r"(prompt|template|message|instructions?|note)$", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z]{4,}")


@pytest.fixture(scope="module")
def drawn(templates):
    found = [(path, json.loads(path.read_bytes()), each) for _, path, each in drawn_in(templates)]
    assert len(found) == 64
    return found


def test_every_node_is_accounted_for(drawn):
    for path, said, each in drawn:
        if "nodes" in said:
            ids = sorted(node["id"] for node in said["nodes"])
            assert sorted(item.id for item in each.report.items) == ids, path.name


def test_the_picture_stays_and_no_card_lies_on_another(drawn):
    for path, said, each in drawn:
        for graph in levels(each.graph):
            compiled = Compiled(graph, catalogue())
            assert not touching(cards_of(graph, compiled.parts)), path.name
        places = {node.id: node.position for node in each.graph.nodes}
        places |= {note.id: note.position for note in each.graph.notes}
        first = {item.id: item.became[0] for item in each.report.items if item.became}
        stood = [
            (node["position"], places[first[node["id"]]])
            for node in said.get("nodes", [])
            if first.get(node["id"]) in places
        ]
        for (one, here), (other, there) in itertools.combinations(stood, 2):
            for axis, now in (("x", here.x - there.x), ("y", here.y - there.y)):
                was = one[axis] - other[axis]
                assert (was > 0) == (now > 0) and (was < 0) == (now < 0) or was == 0, path.name


def levels(graph):
    yield graph
    for node in graph.nodes:
        if node.body:
            yield from levels(node.body)


def test_every_wire_stays_or_went_into_a_node_with_its_end(drawn):
    for path, said, each in drawn:
        became = {item.id: item for item in each.report.items}
        ways = reachable(each.graph)
        for edge in said.get("edges", []):
            source, target = became[edge["source"]], became[edge["target"]]
            if How.MERGED in {source.how, target.how}:
                continue
            assert any(end in ways[start] for start in source.became for end in target.became), (
                path.name,
                edge["source"],
                edge["target"],
            )


def reachable(graph):
    """Path of a node -> paths of all behind it; a group counts as what stands in it."""
    behind: dict[str, set[str]] = {}

    def level(graph, before):
        for node in graph.nodes:
            behind.setdefault(before + node.id, set())
            if node.body:
                level(node.body, f"{before}{node.id}/")
                inside = {f"{before}{node.id}/{path}" for path, _ in node.body.everything()}
                behind[before + node.id] |= inside
                for path in inside:
                    behind.setdefault(path, set()).add(before + node.id)
        for wire in graph.wires:
            behind.setdefault(before + wire.source, set()).add(before + wire.target)

    level(graph, "")
    found = {}
    for start in behind:
        seen, edge = set(), [start]
        while edge:
            for target in behind.get(edge.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    edge.append(target)
        found[start] = seen
    return found


def test_texts_are_found_again(drawn):
    for path, said, each in drawn:
        kept = [text for _, text in texts_in([each.graph.model_dump(mode="json"), each.report.as_json()])]
        # What a placeholder keeps is JSON.
        words = set(WORD.findall("\n".join(kept).replace("\\n", "\n").replace("\\t", " ")))
        for node in said.get("nodes", []):
            for name, text in texts_in(node["data"].get("inputs", {})):
                # What a person is asked before tools are called, where nobody is asked, is no text of the flow.
                asked = name != "approvalPrompt" or node["data"]["inputs"].get("interrupt")
                if asked and (PROMPTS.search(name) or node["type"] == "stickyNote"):
                    missing = set(WORD.findall(re.sub(r"\{\{[^}]*\}\}|\{\w+\}", "", plain(text)))) - words
                    assert not missing, (path.name, node["id"], name, missing)


def texts_in(value, name=""):
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from texts_in(held, key)
    elif isinstance(value, list):
        for held in value:
            yield from texts_in(held, name)


def test_the_engine_has_nothing_against_them(drawn):
    for path, _, each in drawn:
        assert not errors_of(each), path.name


def test_the_page_in_docs_says_what_became_of_each(templates):
    page = (Path(settings.BASE_DIR) / "docs" / "flowise-import.md").read_text()
    assert page == table(templates), "run: python manage.py flowise_table FOLDER"
