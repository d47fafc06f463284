"""``overrideConfig``: what the owner leaves to callers is set, in either spelling; everything else has no effect."""

import pytest

from flowbuilder.flows import publication, services
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.flowise.overriding import overrides_of

pytestmark = pytest.mark.django_db
GRAPH = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {"id": "first", "type": "language.local_model"},
        {"id": "second", "type": "language.local_model"},
        {"id": "city", "type": "flow.read_variable", "settings": {"name": "city", "scope": "run"}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [],
}
LEFT = [
    {"node": "first", "setting": "top_p"},
    {"node": "second", "setting": "top_p"},
    {"node": "first", "setting": "temperature"},
    {"node": "city", "setting": "default"},
]


@pytest.fixture
def flow(asker):
    made = services.create_flow(asker=asker, name="Overridden")
    services.save_draft(flow=made, graph=GRAPH, revision=made.revision)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"topP": 0.5}, {"first": {"top_p": 0.5}, "second": {"top_p": 0.5}}),
        ({"top_p": {"second": 0.5}}, {"second": {"top_p": 0.5}}),
        ({"temperature": 1}, {"first": {"temperature": 1}}),  # the second's is not left to callers
        ({"vars": {"city": "Bonn", "other": 1}}, {"city": {"default": "Bonn"}}),
        ({"sessionId": "s", "model": "other", "default": {"x": 1}}, {}),
    ],
    ids=str,
)
def test_what_is_left_to_callers(asker, flow, config, found):
    assert overrides_of(flow, config) == {}
    ways_in.change(asker=asker, flow=flow, overrides=LEFT)
    assert overrides_of(flow, config) == found


def test_it_reaches_the_run(asker, live_flow, program, answers):
    from flowbuilder.runs.models import Run

    prompt = next(
        node for node in live_flow.published_version.graph["nodes"] if node["type"] == "text.prompt"
    )
    ways_in.change(asker=asker, flow=live_flow, overrides=[{"node": prompt["id"], "setting": "template"}])
    publication.set_publication(asker=asker, flow=live_flow, number=1)
    template = prompt["settings"]["template"].replace("Hello", "Goodbye")
    program.post("prediction", {"question": "Ann", "overrideConfig": {"template": template}})
    ran = next(node for node in Run.objects.get().graph["nodes"] if node["id"] == prompt["id"])
    assert ran["settings"]["template"].startswith("Goodbye")
