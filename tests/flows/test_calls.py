"""A flow calls others: looked up in its workspace, never in a circle, what is published only what is published."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey, Workspace
from flowbuilder.engine.graph import Graph
from flowbuilder.flows import services
from flowbuilder.flows.calls import checked
from flowbuilder.flows.models import Flow
from flowbuilder.flows.publication import set_publication

pytestmark = pytest.mark.django_db


def calling(name: str) -> dict:
    ends = [("s", "out", "c", "question"), ("c", "out", "r", "content")]
    return {
        "nodes": [
            {"id": "s", "type": "flow.start"},
            {"id": "c", "type": "flow.call", "settings": {"flow": name}},
            {"id": "r", "type": "flow.reply"},
        ],
        "wires": [
            {"id": f"w{i}", "source": a, "source_port": b, "target": c, "target_port": d}
            for i, (a, b, c, d) in enumerate(ends)
        ],
    }


@pytest.fixture
def make(asker):
    def make(name: str, graph: dict | None = None, workspace=None) -> Flow:
        workspace = workspace or asker.workspace
        if graph is None:
            return services.create_flow(asker=asker, name=name, template="hello")
        return Flow.objects.create(workspace=workspace, name=name, slug=name.lower(), graph=graph)

    return make


def errors(flow, **how) -> list[str]:
    graph = Graph.model_validate(flow.graph)
    _, found = checked(graph, workspace_id=flow.workspace_id, flow=flow, **how)
    return [f"{problem.node}: {problem.message}" for problem in found if problem.severity == "error"]


def test_it_is_found_by_name_slug_and_id(make):
    other = make("Hello there")
    for by, name in (("Name", "Hello there"), ("Slug", "hello-there"), ("Id", str(other.pk))):
        flow = make(by, calling(name))
        graph, found = checked(Graph.model_validate(flow.graph), workspace_id=flow.workspace_id, flow=flow)
        assert found == [] and len(graph.node("c").body.nodes) == len(other.graph["nodes"])


def test_another_workspace_has_none_of_it(make):
    make("Secret", calling(""), workspace=Workspace.objects.create(name="Elsewhere"))
    assert errors(make("Main", calling("Secret"))) == [
        "c: There is no flow 'Secret' in this workspace; choose one by its slug."
    ]


def test_circles_are_named(make):
    make("B", calling("Main"))
    main = make("Main", calling("B"))
    assert errors(main) == ["c/c: These flows call each other without end: Main → B → Main."]
    alone = make("Alone", calling("Alone"))
    assert errors(alone) == ["c: These flows call each other without end: Alone → Alone."]


def test_what_is_called_must_run(make):
    make("Wrong", calling(""))
    (error,) = errors(make("Main", calling("Wrong")))
    assert error == "c: 'Wrong' cannot run: c: Setting 'flow': choose the flow that is called."


def test_what_is_published_calls_what_is_live(make, asker):
    other = make("Other")
    main = make("Main", calling("Other"))
    with pytest.raises(ApiError, match="'Other' is called, but no version of it is live yet"):
        services.publish_version(asker=asker, flow=main)
    number = services.publish_version(asker=asker, flow=other).number
    set_publication(asker=asker, flow=other, number=number)
    version = services.publish_version(asker=asker, flow=main)
    assert version.graph["nodes"][1]["body"] is None  # looked up when it runs: what is live then
    other.graph = calling("")
    other.save()
    assert errors(main, live=True) == [] and errors(main) != []


def test_a_chain_is_not_too_long(make):
    for number in range(10):
        make(f"F{number}", calling(f"F{number + 1}"))
    make("F10", calling(""))
    assert any("8 deep" in error for error in errors(Flow.objects.get(name="F0")))


def test_what_is_called_stands_in_no_draft_and_is_shown_to_no_key_of_one_flow(make, asker, api_client, owner):
    from flowbuilder.runs.services import submit

    make("Hello")
    main = make("Main", calling("Hello"))
    run = submit(asker=asker, flow=main, inputs={"question": "hi"})
    assert run.graph["nodes"][1]["body"]["nodes"]
    services.save_draft(flow=main, graph=run.graph, revision=main.revision)
    assert main.graph["nodes"][1]["body"] is None

    def shown(**headers) -> dict:
        graph = (
            api_client(None if headers else owner).get(f"/api/runs/{run.pk}/graph", headers=headers).json()
        )
        return graph["graph"]["nodes"][1]["body"]

    assert shown()["nodes"]
    _, key = ApiKey.issue(asker.workspace, owner, "one flow", main)
    assert shown(Authorization=f"Bearer {key}") is None
