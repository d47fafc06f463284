import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.flow.classifier import Choice, Classifier
from tests.nodes.conftest import FakeEmbedding

LABELS = (
    Choice(name="damage", description="A parcel is broken", examples=("My parcel is late",)),
    Choice(name="billing", description="An invoice or a price"),
)


async def test_the_likest_label_is_taken(make_context):
    node = Classifier(labels=LABELS)
    assert list(node.outputs()) == ["damage", "billing", "other", "label"]
    context = make_context(embedding=FakeEmbedding())
    found = await node.run(context, "The invoice, please")
    assert found["billing"] == "The invoice, please" and found["label"].label == "billing"
    assert found["label"].probabilities.keys() == {"damage", "billing"}
    assert (await node.run(context, "late"))["label"].label == "damage"  # by its example


async def test_what_is_like_nothing_goes_to_other(make_context):
    found = await Classifier(labels=LABELS).run(make_context(embedding=FakeEmbedding()), "Hello")
    assert found.keys() == {"other", "label"} and found["label"].label == "other"


async def test_a_model_chooses_among_the_labels_only(make_context, models):
    models.answers = ['{"label": "damage"}']
    node = Classifier(labels=LABELS, by="model", model="starter")
    found = await node.run(make_context(), "Crushed!")
    assert found["damage"] == "Crushed!"
    assert models.calls[0]["schema"]["properties"]["label"]["enum"] == ["damage", "billing", "other"]
    assert "My parcel is late" in models.calls[0]["prompt"] and models.calls[0]["sampling"].temperature == 0


async def test_a_model_that_names_no_label_is_an_error_that_lists_them(make_context, models):
    models.answers = ["I think it is damage"]
    with pytest.raises(NodeError, match="none of the labels damage, billing, other"):
        await Classifier(labels=LABELS, by="model").run(make_context(), "Crushed!")


def test_labels_need_names_of_their_own():
    with pytest.raises(ValidationError, match="an output of its own"):
        Classifier(labels=(*LABELS, Choice(name="other")))
    with pytest.raises(ValidationError, match="two labels are called 'damage'"):
        Classifier(labels=(*LABELS, Choice(name="damage")))
