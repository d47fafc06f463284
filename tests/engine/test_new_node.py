"""Adding a node touches two files: its own and its test. Done here, as docs/adding-a-node.md says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run
from flowbuilder.engine.validate import problems
from nodes.base import Context

GUIDE = Path(__file__).parents[2] / "docs" / "adding-a-node.md"


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A catalogue of our nodes and of a new package that holds nothing but what the guide shows."""
    (tmp_path / "added" / "text").mkdir(parents=True)
    for name, code in files_of(GUIDE.read_text()).items():
        target = tmp_path / name.replace("nodes/text/upper.py", "added/text/upper.py")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(code.replace("nodes.text.upper", "added.text.upper"))
    for folder in ("added", "added/text"):
        (tmp_path / folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Catalogue.load(["nodes", "added"])
    for name in [name for name in sys.modules if name.split(".")[0] == "added"]:
        del sys.modules[name]


def files_of(guide: str) -> dict[str, str]:
    """The Python files that the guide shows: their first line names them."""
    blocks = re.findall(r"```python\n# (\S+\.py)\n(.*?)```", guide, re.DOTALL)
    return dict(blocks)


def test_the_guide_shows_two_files():
    assert list(files_of(GUIDE.read_text())) == ["nodes/text/upper.py", "tests/nodes/text/test_upper.py"]


async def test_the_new_node_is_in_the_palette_validates_and_runs(catalogue):
    entry = next(entry for entry in catalogue.describe() if entry["type"] == "text.upper")
    assert (entry["title"], entry["category"], entry["pure"]) == ("Upper", "text", True)
    assert entry["description"] == "Turns text into upper case."
    assert [port["name"] for port in entry["inputs"]] == ["text"]

    graph = Graph.model_validate(
        {
            "nodes": [
                {"id": "s", "type": "flow.start"},
                {"id": "u", "type": "text.upper"},
                {"id": "r", "type": "flow.reply"},
            ],
            "wires": [
                {"id": "1", "source": "s", "target": "u", "target_port": "text"},
                {"id": "2", "source": "u", "target": "r", "target_port": "content"},
            ],
        }
    )
    assert problems(graph, catalogue) == []

    def context_for(node_id, report):
        return Context(models=None, knowledge=None, training=None, report=report)

    stream = run(graph, {"question": "quietly"}, catalogue=catalogue, context_for=context_for)
    assert [event async for event in stream][-1].data == {"reply": "QUIETLY"}


def test_the_guides_own_test_passes(catalogue, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--import-mode=importlib",
         "-p", "no:django", "-o", "asyncio_mode=auto", "-o", f"pythonpath={tmp_path} {Path.cwd()}",
         "tests/nodes/text/test_upper.py"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
