import json

from nodes.language.multi_query import MultiQuery


async def test_the_question_and_its_other_wordings_each_once(make_context, models):
    models.answers = [json.dumps({"texts": ["speed of vans", "How fast?", "speed of vans"]})]
    found = await MultiQuery(count=3).run(make_context(), "How fast?")
    assert found.items == ("How fast?", "speed of vans")
    assert models.calls[0]["schema"]["properties"]["texts"]["minItems"] == 3
