"""What callers may set otherwise for one run, and what they may not."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing import doors as ways_in
from flowbuilder.runs import services as runs


@pytest.fixture
def node(live_flow):
    """Id of the node that greets."""
    graph = live_flow.published_version.graph
    return next(row["id"] for row in graph["nodes"] if row["type"] == "text.prompt")


@pytest.fixture
def ask(asker, live_flow):
    def submit(overrides):
        return runs.submit(
            asker=asker,
            flow=live_flow,
            version=live_flow.published_version,
            inputs={"question": "Ann"},
            overrides=overrides,
        )

    return submit


def allow(asker, flow, *pairs):
    rows = [{"node": node, "setting": setting} for node, setting in pairs]
    return ways_in.change(asker=asker, flow=flow, overrides=rows)


def test_nothing_is_left_to_callers_until_the_owner_says_so(ask, node):
    with pytest.raises(ApiError, match=f"'{node}.template' may not be overridden") as refused:
        ask({node: {"template": "Good night"}})
    assert refused.value.status == 422
    assert refused.value.details[0]["where"] == f"overrides.{node}.template"


def test_what_is_allowed_changes_this_run_alone(asker, ask, node, live_flow):
    allow(asker, live_flow, (node, "template"))
    run = ask({node: {"template": "Good night, {{ name }}!"}})
    (ran,) = [row for row in run.graph["nodes"] if row["id"] == node]
    assert ran["settings"]["template"] == "Good night, {{ name }}!"
    assert run.live and run.version == live_flow.published_version
    (kept,) = [row for row in ask({}).graph["nodes"] if row["id"] == node]
    assert kept["settings"]["template"] != "Good night, {{ name }}!"


def test_a_value_is_held_to_the_node_s_schema(asker, ask, node, live_flow):
    allow(asker, live_flow, (node, "template"))
    with pytest.raises(ApiError, match="template") as refused:
        ask({node: {"template": ["no", "text"]}})
    assert refused.value.status == 422


def test_every_wrong_one_is_named(asker, ask, node, live_flow):
    allow(asker, live_flow, (node, "template"))
    with pytest.raises(ApiError) as refused:
        ask({node: {"colour": "red"}, "gone": {"template": "x"}})
    assert [row["where"] for row in refused.value.details] == [
        "overrides.gone.template",
        f"overrides.{node}.colour",
    ]


def test_only_what_the_flow_has_can_be_left_to_callers(asker, live_flow):
    with pytest.raises(ApiError, match="no setting 'colour' at a node 'gone'"):
        allow(asker, live_flow, ("gone", "colour"))


def test_over_http(asker, api_client, live_flow, node):
    client, path = api_client(asker.user), f"/api/flows/{live_flow.pk}"
    sent = {"overrides": [{"node": node, "setting": "template"}]}
    assert (
        client.patch(f"{path}/doors", sent, content_type="application/json").json()["overrides"]
        == sent["overrides"]
    )
    choices = client.get(f"{path}/overridable").json()
    (chosen,) = [row for row in choices if row["allowed"]]
    assert (chosen["node"], chosen["setting"], chosen["schema"]["type"]) == (node, "template", "string")
    body = {"version": "live", "inputs": {"question": "Ann"}, "overrides": {node: {"template": 5}}}
    assert client.post(f"{path}/runs", body, content_type="application/json").status_code == 422
