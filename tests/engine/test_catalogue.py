"""What the catalogue finds, what it refuses, and what it promises about saved flows."""

import sys
from pathlib import Path

import pytest

from flowbuilder.engine.catalogue import ALIASES, Catalogue
from flowbuilder.engine.graph import NodeSpec
from nodes.base import NodeError

NODES = Catalogue.load(["nodes"])


def test_saved_flows_keep_their_node_types():
    """The list grows by itself; an id that is gone from the code would break saved flows."""
    listed = Path(__file__).with_name("node_ids.txt")
    saved = listed.read_text().split()
    gone = [type_id for type_id in saved if ALIASES.get(type_id, type_id) not in NODES.kinds]
    assert not gone, f"Give these an alias in flowbuilder/engine/catalogue.py: {gone}"
    new = sorted(set(NODES.kinds) - set(saved))
    if new:
        listed.write_text("\n".join(sorted({*saved, *new})) + "\n")
    assert not new, f"Added {new} to {listed.name}: commit it with the node, and run this again."


@pytest.mark.parametrize("entry", NODES.describe(), ids=lambda entry: entry["type"])
def test_every_node_and_setting_is_described(entry):
    assert entry["description"].endswith(".") and entry["title"] and entry["icon"] and entry["tags"]
    bare = [name for name, schema in entry["settings_schema"].get("properties", {}).items()
            if "description" not in schema]  # fmt: skip
    assert not bare, f"Write a docstring under these fields: {bare}"


@pytest.mark.parametrize("type_id", sorted(NODES.kinds))
def test_every_node_has_its_own_test_file(type_id):
    """``nodes/a/b.py`` is tested in ``tests/nodes/a/test_b.py``; start and reply share one."""
    folder, name = type_id.split(".")
    tests = Path(__file__).parents[1] / "nodes" / folder
    assert any(name in path.stem for path in tests.glob("test_*.py"))


def test_the_description_is_the_contract():
    entry = next(entry for entry in NODES.describe() if entry["type"] == "reward.best")
    assert set(entry) == {
        "type", "title", "category", "description", "icon", "tags", "pure", "sends_out", "offered", "version", "settings_schema",
        "inputs", "outputs", "streams", "dynamic", "origin",
    }  # fmt: skip
    assert entry["outputs"] == [
        {
            "name": "best",
            "type": "text",
            "required": True,
            "gathers": False,
            "becomes_text": True,
            "adapts": False,
        },
        {
            "name": "score",
            "type": "Score",
            "required": True,
            "gathers": False,
            "becomes_text": True,
            "adapts": False,
        },
    ]


def test_a_renamed_node_is_found_by_its_old_id():
    renamed = Catalogue(NODES.kinds, aliases={"text.template": "text.prompt"})
    assert renamed.kind("text.template") is NODES.kinds["text.prompt"]


def test_settings_of_an_older_version_are_brought_up(package):
    package(
        "greet",
        "from nodes.base import Node\n"
        "class Greet(Node):\n"
        "    settings_version = 2\n"
        "    greeting: str = 'Hi'\n"
        "    @classmethod\n"
        "    def upgrade(cls, settings, version):\n"
        "        return {'greeting': settings['word']}\n"
        "    async def run(self) -> str: return self.greeting\n",
    )
    node = Catalogue.load(["sketches"]).build(
        NodeSpec(id="g", type="greet", version=1, settings={"word": "Moin"})
    )
    assert node.greeting == "Moin"


def test_a_field_that_hides_a_name_of_pydantic_is_refused(package):
    package(
        "hiding",
        "from nodes.base import Node\nclass Hiding(Node):\n    copy: str = ''\n    async def run(self) -> str: ...",
    )
    with pytest.raises(UserWarning, match="copy"):
        Catalogue.load(["sketches"])


def test_two_nodes_in_one_file_are_refused(package):
    package(
        "twins",
        "from nodes.base import Node\n"
        "class A(Node):\n    async def run(self) -> str: ...\n"
        "class B(Node):\n    async def run(self) -> str: ...\n",
    )
    with pytest.raises(ValueError, match="one file is one node"):
        Catalogue.load(["sketches"])


def test_an_unknown_setting_is_named():
    with pytest.raises(NodeError, match="'colour'"):
        NODES.build(NodeSpec(id="s", type="flow.start", settings={"colour": "red"}))


@pytest.fixture
def package(tmp_path, monkeypatch):
    """``package(name, source)`` puts a module into the package ``sketches``."""
    folder = tmp_path / "sketches"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield lambda name, source: (folder / f"{name}.py").write_text(source)
    for name in [name for name in sys.modules if name.split(".")[0] == "sketches"]:
        del sys.modules[name]
