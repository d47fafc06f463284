from hypothesis import given
from hypothesis import strategies as st

from nodes.text.prompt import Prompt


async def test_names_become_inputs():
    node = Prompt(template="{{ a }} and {{b}} and {{ a }}")
    assert list(node.inputs()) == ["a", "b"]
    assert await node.run(a=1, b="two") == "1 and two and 1"


@given(st.text())
def test_a_value_is_never_a_template(value):
    import asyncio

    assert asyncio.run(Prompt(template="<{{ x }}>").run(x=value)) == f"<{value}>"


async def test_code_stays_text():
    template = "{% for x in y %}{{ x.__class__ }}{{ 1+1 }}"
    assert await Prompt(template=template).run() == template
