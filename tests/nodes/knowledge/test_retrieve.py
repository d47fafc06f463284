from nodes.knowledge.retrieve import Retrieve
from nodes.types import Passage, Passages


async def test_it_asks_the_chosen_base(make_context, knowledge):
    knowledge.found = Passages(
        items=(Passage(text="a", source="x.md", score=1), Passage(text="b", source="x.md", score=0.5))
    )
    found = await Retrieve(base="protocol", limit=2).run(make_context(), "what?")
    assert knowledge.asked == [("protocol", "what?", 2)]
    assert str(found) == "a\n\nb"
