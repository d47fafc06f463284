from nodes.language.classify import Classify


async def test_the_likeliest_label_comes_out_with_all_chances(make_context, models):
    models.chances = {"order": 0.7, "question": 0.3}
    said = await Classify(model="intent").run(make_context(), "Send me two.")
    assert (said.label, said.probability, str(said)) == ("order", 0.7, "order")
    assert said.probabilities == models.chances
    assert models.calls == [{"model": "intent", "text": "Send me two."}]
