"""Every template of the gallery is complete: it validates, and its texts are there."""

import pytest

from flowbuilder.debugging.graphs import answering_directly
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems
from flowbuilder.flows.gallery import templates
from flowbuilder.flows.nodes import catalogue


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.slug)
def test_it_validates(template):
    found = problems(Graph.model_validate(template.graph), catalogue())
    # A knowledge base is the one thing a template cannot bring along.
    assert [each for each in found if each.severity == "error" and each.code != "unconfigured"] == []
    assert template.description.endswith(".") and len(template.description) < 160


def test_the_mock_bot_is_first_and_training_comes_later():
    slugs = [template.slug for template in templates()]
    assert slugs[0] == "protocol-mock-bot"
    assert min(map(slugs.index, ["score-and-pick", "rlhf-in-three-steps"])) >= 3


def test_the_mock_bot_gives_a_corrected_answer_straight_away():
    (bot,) = [template for template in templates() if template.slug == "protocol-mock-bot"]
    assert answering_directly(bot.graph, {"retrieve_1"}) is None


def test_the_card_names_nodes_as_the_palette_does(api_client, owner):
    page = api_client(owner).get("/gallery/").content.decode()
    assert "Learn the taste" in page and "flow.start" not in page


test_the_card_names_nodes_as_the_palette_does.pytestmark = [pytest.mark.django_db]


def test_a_template_is_found_by_words_of_its_card(api_client, owner):
    client = api_client(owner)
    found = client.get("/gallery/?q=RECORD+protocol").content.decode()
    assert "Protocol mock bot" in found and "RLHF in three steps" not in found
    assert "No template speaks of “zeppelin”." in client.get("/gallery/?q=zeppelin").content.decode()


test_a_template_is_found_by_words_of_its_card.pytestmark = [pytest.mark.django_db]


def test_a_template_says_whether_one_of_its_nodes_sends_data_out():
    told = {template.slug: template.sends_out for template in templates()}
    assert told["ask-an-http-address"] and told["a-model-served-elsewhere"]
    assert not told["hello"] and not told["protocol-mock-bot"]
