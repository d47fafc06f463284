"""Code of strangers computes and does nothing else."""

import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.tools.code import Code
from nodes.types import Items, Record


@pytest.fixture
def run(make_context):
    async def run(code, **values):
        reports = []
        limits = {name: values.pop(name) for name in ("seconds", "memory_mb") if name in values}
        node = Code(code=code, names=tuple(values), **limits)
        found = await node.run(make_context(report=lambda kind, data: reports.append(data)), **values)
        return found, reports

    return run


async def test_the_last_line_is_the_output(run):
    found, _ = await run("words = text.split()\n{'count': len(words), 'first': words[0]}", text="red blue")
    assert (found.data, found.text) == ({"count": 2, "first": "red"}, '{"count": 2, "first": "red"}')


async def test_values_come_as_plain_data(run):
    found, _ = await run(
        "record['a'] + len(items)", record=Record(data={"a": 2}), items=Items(items=("x", "y"))
    )
    assert found.data == 4


async def test_what_is_printed_stands_on_the_trace(run):
    found, reports = await run("print('half way')\n'done'")
    assert found.text == "done" and reports == [{"printed": "half way\n"}]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("a = 1\nb = a / 0\nb", "line 2: ZeroDivisionError: division by zero"),
        ("x = (", "line 1: SyntaxError"),
        ("a = 1\nmissing", "line 2: NameError: name 'missing'"),
        ("while True: pass", "it computed longer than 'seconds' allows"),
        ("a = [0]\nwhile True: a = a + a", "line 2: it filled more memory than 'memory_mb' allows"),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
        ("open('/etc/passwd').read()", "PermissionError"),
        ("import os\nos.listdir('/')", "PermissionError"),
        ("import subprocess\nsubprocess.run(['id'])", "ModuleNotFoundError"),
        ("import socket", "ModuleNotFoundError"),
        ("import django", "ModuleNotFoundError"),
        ("().__class__.__mro__[-1].__subclasses__()", "Error"),
        ("x = 1", "gives nothing"),
        ("class A:\n    pass\nA()", "an object of a class"),
    ],
)
async def test_what_goes_wrong_is_told_with_its_line(run, code, why):
    with pytest.raises(NodeError, match="Setting 'code'") as failed:
        await run(code, seconds=0.3 if code.endswith("pass") else 20, memory_mb=16)
    assert why in str(failed.value)


def test_an_input_s_name_is_a_name():
    for name in ("for", "self", "1a", ""):
        with pytest.raises(ValidationError):
            Code(names=(name,))
    with pytest.raises(ValidationError, match="twice"):
        Code(names=("a", "a"))


async def test_a_model_is_told_its_inputs():
    from flowbuilder.engine.offering import parameters_of

    assert parameters_of(Code(names=("a", "b")))["required"] == ["a", "b"]
