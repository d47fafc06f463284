"""Words become a graph: by a model that can, else by the gallery and by rules; checked like any other, saved never."""

import json

import pytest
from jsonschema import Draft202012Validator

from flowbuilder.flows.describing import services
from flowbuilder.flows.describing.asking import question, shape, types_for
from flowbuilder.flows.describing.nearest import nearest
from flowbuilder.flows.gallery import templates
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.modelhub.models import Kind, Model, ModelVersion, VersionStatus
from tests.flows.describing.test_repairing import GOOD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def large(asker):
    """A model that follows instructions, in production; its answers are a test's."""
    model = Model.objects.create(workspace=asker.workspace, name="large")
    version = ModelVersion.objects.create(
        workspace=asker.workspace,
        model=model,
        number=1,
        kind=Kind.CAUSAL,
        parameters=7_000_000_000,
        status=VersionStatus.READY,
    )
    version.aliases.create(model=model, name="production")
    return model


@pytest.fixture
def answering(monkeypatch):
    """Models of tests: they write ``text`` and keep what they were asked."""
    asked = {}

    def make(text):
        class Fake:
            async def generate(self, model, prompt, *, system="", sampling=None, schema=None):
                asked.update(model=model, prompt=prompt, schema=schema)
                for start in range(0, len(text), 50):
                    yield text[start : start + 50]

        monkeypatch.setattr(services, "models_of", lambda asker: Fake())
        return asked

    return make


async def test_a_model_that_can_writes_it_and_what_it_invented_is_left_open(asker, large, answering):
    drawn = {
        **GOOD,
        "nodes": [
            *GOOD["nodes"],
            {
                "id": "look",
                "type": "knowledge.retrieve",
                "label": "Look it up",
                "settings": {"base": "the manual"},
            },
        ],
    }
    asked = answering(json.dumps(drawn))
    made = await services.draft(asker=asker, words="Answers questions.")
    assert (made.by, made.model, asked["model"]) == ("model", "large", "large")
    assert "Answers questions." in asked["prompt"] and "- text.prompt:" in asked["prompt"]
    settings = {node["id"]: node["settings"] for node in made.graph["nodes"]}
    assert settings["retrieve_1"] == {} and settings["local_model_1"]["model"] == "large"
    assert ("retrieve_1", "unconfigured") in {(problem.node, problem.code) for problem in made.problems}
    assert await Flow.objects.acount() == 0


def test_decoding_is_held_to_the_types_that_are_offered():
    types = types_for("Classify mails and ask a human to approve", nearest("classify", templates()))
    assert (
        {"flow.start", "flow.reply", "flow.approval", "language.classify"}
        <= set(types)
        <= set(catalogue().kinds)
    )
    rule = shape(types)
    Draft202012Validator.check_schema(rule)
    valid = Draft202012Validator(rule)
    assert valid.is_valid(GOOD)
    assert not valid.is_valid(
        {"nodes": [{**GOOD["nodes"][0], "type": "magic.wand"}, GOOD["nodes"][1]], "wires": []}
    )
    assert len(question("words", types, nearest("reward model", templates()))) < 24_000


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (
            "RLHF in three steps: train a reward model on preferences and fine-tune with it",
            "rlhf-in-three-steps",
        ),
        ("采样几个回答，用奖励打分，挑选最好的一个", "score-and-pick"),
    ],
)
def test_the_nearest_of_the_gallery_in_either_language(words, slug):
    assert nearest(words, templates())[0].template.slug == slug


async def test_where_every_model_is_small_the_gallery_or_rules_draw_it(asker, monkeypatch):
    monkeypatch.setattr(services, "_chosen", lambda asker, model: ("starter", False))
    template = await services.draft(
        asker=asker, words="Sample several answers, score them by rewards and pick the best"
    )
    assert (template.by, template.model) == ("template", "") and template.template
    for words, language in (
        ("A bot that looks things up in our handbook and cites it", "en"),
        ("查阅我们的手册并总结成三点的机器人", "zh"),
    ):
        made = await services.draft(asker=asker, words=words)
        assert (made.by, made.understood.language) == ("rules", language)
        assert ("unconfigured", "base") in {(problem.code, problem.setting) for problem in made.problems}
    base = await KnowledgeBase.objects.acreate(workspace=asker.workspace, name="Handbook")
    made = await services.draft(asker=asker, words="A bot that looks things up in our handbook and cites it")
    assert str(base.pk) in json.dumps(made.graph)
    assert [(problem.code, problem.severity) for problem in made.problems if problem.setting == "base"] == [
        ("empty", "warning")
    ]


async def test_a_model_that_writes_no_flow_says_so(asker, large, answering, api_client, owner):
    answering("I would rather not.")
    client = api_client(owner)
    from asgiref.sync import sync_to_async

    answer = await sync_to_async(client.post)(
        "/api/flows/drafts", {"words": "Anything"}, content_type="application/json"
    )
    assert answer.status_code == 422 and "no flow" in answer.json()["error"]["message"]
