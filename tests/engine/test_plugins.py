"""A package brings nodes by its entry points; a broken one is told of and harms nobody."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.plugins import GROUP, with_plugins

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugin_word_count"
GOOD = "from nodes.base import Node\nclass Shout(Node):\n    'Shouts.'\n    async def run(self, text: str) -> str:\n        return text.upper()\n"
FLOW = """
import asyncio, json
import django
django.setup()
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run
from flowbuilder.engine.validate import problems
from flowbuilder.flows.nodes import catalogue, plugins
from nodes.base import Context

graph = Graph.model_validate({
    "nodes": [{"id": "start", "type": "flow.start"}, {"id": "count", "type": "word_count.count", "settings": {"least": 4}},
              {"id": "reply", "type": "flow.reply"}],
    "wires": [{"id": "a", "source": "start", "target": "count", "target_port": "text"},
              {"id": "b", "source": "count", "target": "reply", "target_port": "content"}],
})
async def reply():
    context_for = lambda node, report: Context(models=None, knowledge=None, training=None, report=report)
    events = [event async for event in run(graph, {"question": "two little words"}, catalogue=catalogue(), context_for=context_for)]
    return events[-1].data["reply"]
entry = next(entry for entry in catalogue().describe() if entry["type"] == "word_count.count")
print(json.dumps({
    "reply": asyncio.run(reply()),
    "problems": [problem.message for problem in problems(graph, catalogue())],
    "origin": entry["origin"], "category": entry["category"], "outputs": [port["name"] for port in entry["outputs"]],
    "plugins": [(plugin.name, plugin.problem) for plugin in plugins()],
}))
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """``package(name, source)`` is a package with one module ``shout``."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made = []

    def make(name: str, source: str = GOOD) -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "shout.py").write_text(source)
        made.append(name)
        return name

    yield make
    for name in [name for name in sys.modules if name.split(".")[0] in made]:
        del sys.modules[name]


def load(*points: tuple[str, str]):
    return with_plugins(Catalogue.load(), [EntryPoint(name, value, GROUP) for name, value in points])


def test_a_package_s_nodes_are_in_the_catalogue(package):
    catalogue, (plugin,) = load(("loud", package("fb_loud")))
    assert list(plugin.kinds) == ["loud.shout"] and plugin.problem == ""
    entry = next(entry for entry in catalogue.describe() if entry["type"] == "loud.shout")
    assert (entry["origin"], entry["category"]) == ("fb_loud", "loud")
    assert next(entry for entry in catalogue.describe() if entry["type"] == "flow.start")["origin"] == ""


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise RuntimeError('no licence')", "cannot be loaded: RuntimeError: no licence"),
        ("import sys\nsys.exit(1)", "cannot be loaded: SystemExit"),
        ("import no_such_package", "cannot be loaded: ModuleNotFoundError"),
        ("def (", "cannot be loaded: SyntaxError"),
        ("x = 1", "holds no file with a node"),
        (GOOD.replace("    async", "    copy: str = ''\n    async"), "cannot be loaded: UserWarning"),
        (GOOD.replace("text: str", "text: Unknown"), "cannot be loaded: NameError"),
    ],
)
def test_a_broken_one_says_why_and_the_others_work(package, source, why):
    broken, good = package("fb_broken", source), package("fb_good")
    catalogue, plugins = load(("broken", broken), ("good", good))
    assert why in plugins[0].problem and not plugins[0].kinds
    assert "good.shout" in catalogue.kinds and "flow.start" in catalogue.kinds
    assert not [type_id for type_id in catalogue.kinds if type_id.startswith("broken.")]


def test_a_name_that_is_taken_is_refused(package):
    first, second = package("fb_first"), package("fb_second")
    catalogue, plugins = load(("loud", first), ("loud", second), ("tools", second), ("Not A Name", second))
    assert [bool(plugin.problem) for plugin in plugins] == [False, True, True, True]
    assert "nodes 'tools.…' already" in plugins[2].problem and "no name for nodes" in plugins[3].problem
    assert catalogue.kinds["loud.shout"].__module__ == "fb_first.shout"


def test_a_package_that_is_not_there_is_told():
    _, (plugin,) = load(("gone", "no_such_package"))
    assert "ModuleNotFoundError" in plugin.problem


@pytest.mark.slow
def test_the_example_is_installed_and_runs_in_a_flow(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    shutil.copytree(EXAMPLE, source)
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*pip, "--target", str(target), str(source)], check=True, timeout=300)
    beside = {"PYTHONPATH": f"{target}:{ROOT}", "DJANGO_SETTINGS_MODULE": "flowbuilder.settings"}
    env = {**os.environ, **beside, "FLOWBUILDER_HOME": str(tmp_path / "home")}
    said = subprocess.run([sys.executable, "-c", FLOW], env=env, capture_output=True, text=True, check=True)
    assert json.loads(said.stdout.splitlines()[-1]) == {
        "reply": "2",
        "problems": [],
        "origin": "flowbuilder-word-count 1.0",
        "category": "text",
        "outputs": ["out", "tool"],
        "plugins": [["word_count", ""]],
    }
    own = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        str(source / "tests"),
    ]
    subprocess.run(own, env=env, cwd=tmp_path, check=True, capture_output=True)


def test_the_guide_shows_the_example():
    guide = (ROOT / "docs" / "plugins.md").read_text()
    entry = '[project.entry-points."flowbuilder.nodes"]\nword_count = "flowbuilder_word_count"'
    assert entry in guide and entry in (EXAMPLE / "pyproject.toml").read_text()
