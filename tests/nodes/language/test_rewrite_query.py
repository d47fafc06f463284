from nodes.language.rewrite_query import RewriteQuery
from nodes.types import Message, Messages

BEFORE = Messages(items=(Message(role="user", content="Tell me of vans."),))


async def test_a_question_that_hangs_on_a_conversation_stands_by_itself(make_context, models):
    models.answers = ["top speed of vans"]
    query = await RewriteQuery().run(make_context(), "How fast are they?", BEFORE)
    assert query.out == "top speed of vans" and query.queries.items == ("top speed of vans",)
    assert "user: Tell me of vans." in models.calls[0]["prompt"]


async def test_a_model_that_says_nothing_leaves_the_question(make_context, models):
    models.answers = [" "]
    assert (await RewriteQuery().run(make_context(), "How fast?")).out == "How fast?"


async def test_expanding_adds_what_the_answer_may_contain(make_context, models):
    models.answers = ["90 km/h", "A van drives 90 km/h.", "Speeds"]
    query = await RewriteQuery(how="expand", seed=4).run(make_context(), "How fast?")
    assert query.out == "How fast? 90 km/h A van drives 90 km/h. Speeds"
    assert query.queries.items == (
        "How fast?",
        "How fast? 90 km/h",
        "How fast? A van drives 90 km/h.",
        "How fast? Speeds",
    )
    assert [call["sampling"].seed for call in models.calls] == [4, 5, 6]
    assert ["title" in call["prompt"] for call in models.calls] == [False, False, True]


async def test_only_the_contexts_that_are_asked_for(make_context, models):
    models.answers = ["90 km/h"]
    query = await RewriteQuery(how="expand", contexts=("answer",)).run(make_context(), "How fast?")
    assert query.out == "How fast? 90 km/h" and len(models.calls) == 1
