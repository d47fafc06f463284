"""Lineage: from the base through data and training to the flows, over any history; drawn without overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.accounts.services import asker_from_user
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.drawing import BOX_HEIGHT, BOX_WIDTH, drawn, ranked
from flowbuilder.modelhub.lineage import Item, Lineage, id_of, lineage_of
from flowbuilder.modelhub.models import Model, ModelVersion
from flowbuilder.training.models import Job
from tests.modelhub.graphs import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(workspace):
    return ModelVersion.objects.get(workspace=workspace, model__name="starter")


def trained(base: ModelVersion, **data) -> ModelVersion:
    """A version with the job that made it."""
    number = base.model.versions.count() + 1
    version = ModelVersion.objects.create(
        workspace=base.workspace, model=base.model, number=number, source="job", parent=base
    )
    Job.objects.create(
        workspace=base.workspace,
        recipe="dpo",
        base=base,
        result=version,
        data=data,
        steps=20,
        wait_key=f"job:{version.pk}",
    )
    return version


def told(lineage: Lineage) -> set[tuple[str, str, str]]:
    return {(line["source"].title, line["label"], line["target"].title) for line in lineage.lines}


def test_base_data_job_version_and_flows(asker, workspace, starter):
    version = trained(starter, source="support@3", pairs=[])
    Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph=asking("starter@2"))
    Flow.objects.create(workspace=workspace, name="Other", slug="other", graph=asking("starter"))
    assert told(lineage_of(asker, version)) == {
        ("Flowbuilder", "added", "starter@1"),
        ("starter@1", "base", "DPO"),
        ("support@3", "data", "DPO"),
        ("DPO", "made", "starter@2"),
        ("starter@2", "used", "Bot"),
    }


def test_it_goes_back_over_generations_and_one_step_on(asker, starter):
    second = trained(starter, source="support@1")
    third = trained(second, source="support@2", reward_model="starter@1")
    shown = told(lineage_of(asker, second))
    assert ("starter@2", "base", "DPO") in shown and ("DPO", "made", "starter@3") in shown
    assert ("starter@1", "reward model", "DPO") in told(lineage_of(asker, third))
    items = lineage_of(asker, third).items.values()
    assert [item.title for item in items if item.kind == "version"] == ["starter@1", "starter@2", "starter@3"]


def test_a_job_without_a_dataset_says_so(asker, starter):
    version = trained(starter, pairs=[{"prompt": "secret"}])
    lineage = lineage_of(asker, version)
    assert ("Data of the order", "data", "DPO") in told(lineage)
    assert "secret" not in str(lineage.row())


def test_a_version_whose_job_is_gone_still_has_its_parent(asker, starter):
    version = trained(starter)
    Job.objects.all().delete()
    assert told(lineage_of(asker, version)) == {
        ("Flowbuilder", "added", "starter@1"),
        ("starter@1", "trained", "starter@2"),
    }


def test_an_alias_that_moves_takes_its_flows_along(asker, workspace, starter):
    version = trained(starter)
    Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph=asking("starter"))
    assert ("starter@2", "used", "Bot") not in told(lineage_of(asker, version))
    registry.set_alias(model=version.model, name="production", number=2, asker=asker)
    assert ("starter@2", "used", "Bot") in told(lineage_of(asker, version))


def test_over_http(api_client, owner, stranger, starter):
    version = trained(starter, source="support@3")
    row = api_client(owner).get(f"/api/models/{version.pk}/lineage").json()
    ids = {item["id"] for item in row["items"]}
    assert {link["source"] for link in row["links"]} | {link["target"] for link in row["links"]} == ids
    assert api_client(stranger).get(f"/api/models/{version.pk}/lineage").status_code == 404


def test_another_workspace_s_jobs_are_not_in_it(stranger, starter):
    trained(starter, source="support@3")
    theirs = asker_from_user(stranger)
    own = Model.objects.get(workspace=theirs.workspace).versions.get()
    assert told(lineage_of(theirs, own)) == {("Flowbuilder", "added", "starter@1")}


GRAPHS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20)


@given(links=GRAPHS)
def test_whatever_the_links_boxes_stand_apart_and_sources_left_of_targets(links):
    lineage = Lineage()
    for number in range(10):
        lineage.add(Item(str(number), "version", f"v{number}"))
    for low, high in links:
        if low != high:
            lineage.link(str(min(low, high)), str(max(low, high)))
    drawing, ranks = drawn(lineage, "3"), ranked(lineage)
    assert all(ranks[link.source] < ranks[link.target] for link in lineage.links.values())
    places = sorted((box.x, box.y) for box in drawing.boxes)
    for (x, y), (other_x, other_y) in zip(places, places[1:], strict=False):
        assert other_x - x >= BOX_WIDTH or (x == other_x and other_y - y >= BOX_HEIGHT)
    assert all(
        box.x + BOX_WIDTH <= drawing.width and box.y + BOX_HEIGHT <= drawing.height for box in drawing.boxes
    )
    assert [box.item.id for box in drawing.boxes if box.here] == ["3"]


def test_a_circle_in_the_data_ends(asker, starter):
    lineage = Lineage()
    for name in "ab":
        lineage.add(Item(name, "version", name))
    lineage.link("a", "b")
    lineage.link("b", "a")
    assert len(drawn(lineage, id_of(starter)).boxes) == 2
