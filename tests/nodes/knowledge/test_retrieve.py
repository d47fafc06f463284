import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import NodeSpec
from flowbuilder.engine.offering import offer
from flowbuilder.engine.tool_calls import ToolCalls
from nodes.knowledge.looking import Looking
from nodes.knowledge.retrieve import Retrieve
from nodes.types import Found, KeptAnswer, Passage, Passages

PASSAGES = Passages(
    items=(
        Passage(text="a", source="x.md", score=1, passage_id="7", document_id="d", start=3, end=4),
        Passage(text="b", source="x.md", score=0.5),
    )
)
KEPT = KeptAnswer(question="Which?", answer="this one", score=0.7, source="Answers", passage_id="9")


@pytest.fixture
def reports() -> dict:
    return {}


@pytest.fixture
def ask(make_context, knowledge, reports):
    def run(**settings):
        context = make_context(report=lambda kind, data: reports.update({kind: data}))
        return Retrieve(**settings).run(context, "what?")

    return run


async def test_it_asks_the_chosen_bases(ask, knowledge, reports):
    knowledge.found = Found(passages=PASSAGES, facts={"steps": []})
    found = await ask(base="protocol", also=["faq"], limit=2, mode="keywords")
    assert knowledge.asked == [(["protocol", "faq"], "what?", Looking(limit=2, mode="keywords"))]
    assert str(found.out) == "a\n\nb" and found.answer is None
    assert reports["retrieval"] == {"steps": []}


async def test_passages_are_numbered_where_asked_and_always_cited(ask, knowledge, reports):
    knowledge.found = Found(passages=PASSAGES)
    assert str((await ask(numbered=True)).out) == "[1] a\n\n[2] b"
    first, second = reports["citations"]["items"]
    assert first == {
        "number": 1,
        "quote": "a",
        "source": "x.md",
        "passage_id": "7",
        "document_id": "d",
        "heading": "",
        "start": 3,
        "end": 4,
    }
    assert second["number"] == 2


@pytest.mark.parametrize("sure, answered", [(0.5, True), (0.7, True), (0.71, False)])
async def test_an_answer_that_people_gave_goes_out_alone(ask, knowledge, reports, sure, answered):
    knowledge.found = Found(passages=PASSAGES, kept=KEPT)
    found = await ask(answer_directly=True, sure=sure)
    assert (found.answer, found.out is None) == (("this one", True) if answered else (None, False))
    assert (reports["citations"]["items"][0]["heading"] == "Which?") is answered


async def test_without_the_setting_it_is_only_a_passage(ask, knowledge):
    knowledge.found = Found(passages=PASSAGES, kept=KEPT)
    assert (await ask()).answer is None


def test_a_node_saved_before_still_works():
    old = NodeSpec(id="r", type="knowledge.retrieve", version=1, settings={"base": "protocol", "limit": 1})
    node = Catalogue.load().build(old)
    assert (node.base, node.limit, node.answer_directly) == ("protocol", 1, False)


async def test_a_model_may_look_things_up(make_context, knowledge):
    knowledge.found = Found(passages=Passages(items=(Passage(text="Open at nine.", source="a.md", score=1),)))
    node, ctx = Retrieve(base="protocol", numbered=True), make_context()
    tool = await offer(node, NodeSpec(id="find_1", type="knowledge.retrieve", label="Look it up"), {}, ctx)
    assert (tool.name, list(tool.parameters["properties"])) == ("look_it_up", ["question"])
    assert await ToolCalls(Catalogue.load(), ctx).call(tool, {"question": "When?"}) == "[1] Open at nine."
    assert knowledge.asked[0][:2] == (["protocol"], "When?")
