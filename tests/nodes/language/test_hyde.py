from nodes.language.hyde import Hyde


async def test_passages_are_searched_for_beside_the_question(make_context, models):
    models.answers = ["Vans drive 90 km/h.", "A van is slow.", "A van is slow."]
    found = await Hyde(count=3, seed=1).run(make_context(), "How fast?")
    assert found.out == "How fast?\nVans drive 90 km/h."
    assert found.queries.items == ("How fast?", "Vans drive 90 km/h.", "A van is slow.")
    assert [call["sampling"].seed for call in models.calls] == [1, 2, 3]
