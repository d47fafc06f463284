from nodes.language.translate import Term, Translate


async def test_each_part_is_translated_with_the_terms_that_stand_in_it(make_context, models):
    models.answers = ["Eins.", "Zwei."]
    node = Translate(
        into="German",
        style="formal",
        most_characters=200,
        glossary=(Term(term="van", translation="Transporter"), Term(term="dock", translation="Rampe")),
    )
    text = f"The van leaves. {'It is loaded. ' * 12}\n\nThe Dock is closed. {'It rains. ' * 12}"
    said = "".join([piece async for piece in node.run(make_context(), text)])
    assert said == "Eins.\n\nZwei."
    first, second = (call["prompt"] for call in models.calls)
    assert "into German" in first and "Style: formal." in first
    assert "- van: Transporter" in first and "Rampe" not in first
    assert "- dock: Rampe" in second and "van" not in second
    assert models.calls[0]["sampling"].temperature == 0
