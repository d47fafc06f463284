"""Every node explains itself: on a page of its own, and in the docs."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from flowbuilder.engine.plugins import Plugin
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.reference import views
from flowbuilder.flows.reference.entries import by_category, entry
from flowbuilder.flows.reference.markdown import files

DOCS = Path(__file__).parents[2] / "docs" / "nodes"


def test_each_node_is_listed_once():
    listed = [each.type for _, entries in by_category() for each in entries]
    assert sorted(listed) == sorted(catalogue().kinds)


@pytest.mark.parametrize("type_id", sorted(catalogue().kinds))
def test_each_node_and_each_of_its_settings_says_what_it_is_for(type_id):
    found = entry(type_id)
    assert found.paragraphs[0].endswith((".", ":"))
    unexplained = [row.name for row in found.settings if row.depth == 0 and not row.about]
    assert not unexplained, f"give {unexplained} of {type_id} a docstring"


def test_a_page_of_the_docs_names_ports_settings_and_limits():
    page = files()["knowledge.retrieve.md"]
    assert "- `question`: text" in page and "| `limit` | integer | at least 1" in page
    assert "In the gallery: “" in page


def test_the_docs_are_what_the_classes_say():
    written = {path.name: path.read_text() for path in DOCS.glob("*.md")}
    assert written == files(), "run: python manage.py node_reference"


def test_the_command_writes_the_pages_and_removes_old_ones(tmp_path):
    (tmp_path / "gone.md").write_text("old")
    call_command("node_reference", str(tmp_path), stdout=StringIO())
    assert {path.name for path in tmp_path.iterdir()} == set(files())


@pytest.mark.django_db
def test_the_pages(api_client, owner):
    client = api_client(owner)
    assert "/nodes/text.prompt/" in client.get("/nodes/").content.decode()
    assert "{{ name }}" not in client.get("/nodes/flow.start/").content.decode()
    assert client.get("/nodes/not.here/").status_code == 404


@pytest.mark.django_db
def test_plug_ins_are_listed_with_their_version_their_nodes_and_what_is_wrong(client, owner, monkeypatch):
    found = [
        Plugin("word_count", "flowbuilder-word-count 1.0", kinds={"word_count.count": object}),
        Plugin("broken", "flowbuilder-broken 0.2", problem="It cannot be loaded: ImportError: no"),
    ]
    monkeypatch.setattr(views, "plugins", lambda: found)
    client.force_login(owner)
    page = client.get("/nodes/").content.decode()
    for said in ("flowbuilder-word-count", "1.0", "/nodes/word_count.count/", "0.2", "ImportError: no"):
        assert said in page
    monkeypatch.setattr(views, "plugins", list)
    assert 'data-testid="plugins"' not in client.get("/nodes/").content.decode()
