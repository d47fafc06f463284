"""Knowledge bases and models move: whole or not at all, with nothing left that reaches across."""

import re

import numpy as np
import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.test import Client

from flowbuilder.abtests.models import AbTest, Arm
from flowbuilder.abtests.models import Status as Ended
from flowbuilder.accounts.models import AuditEvent, Group, Membership, Role, Workspace, WorkspaceOwned
from flowbuilder.accounts.reach import Thing
from flowbuilder.datasets import services as datasets
from flowbuilder.evaluation.models import Evaluation, Gate
from flowbuilder.flows.models import Flow, FlowVersion
from flowbuilder.knowledge.index import index_of
from flowbuilder.knowledge.models import DocumentStatus, KnowledgeBase
from flowbuilder.knowledge.retrieval.for_nodes import NodeKnowledge
from flowbuilder.modelhub.models import Alias, AliasMove, HubUpload, Model, ModelVersion, Source, UploadStatus
from flowbuilder.modelhub.registry import resolve
from flowbuilder.publishing.transfer import moving
from flowbuilder.runs.models import Run, Status
from flowbuilder.sharing.models import Right, Share
from flowbuilder.sharing.services import share_by_link, share_with_group
from flowbuilder.testcases.models import (
    ExpectedPassage,
    TestCase,
    TestResult,
    TestRun,
    TestRunStatus,
    TestSet,
)
from flowbuilder.training.models import Job, JobStatus, Recipe
from tests.knowledge.index.conftest import Rows
from tests.safety.world.named import BACKEND, ECHO

ACROSS = {("abtests", "exposure")}
"""Which run was given which version counts also where the run stays."""


@pytest.fixture
def elsewhere(owner):
    workspace = Workspace.objects.create(name="Elsewhere")
    Membership.objects.create(user=owner, workspace=workspace, role=Role.EDITOR)
    return workspace


@pytest.fixture
def client(owner):
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


@pytest.fixture
def flow(workspace):
    return Flow.objects.create(workspace=workspace, name="Desk", slug="desk", graph=ECHO)


@pytest.fixture
def base(workspace, flow):
    base = KnowledgeBase.objects.create(workspace=workspace, name="Protocol")
    rows = Rows(base)
    vectors = np.eye(16)
    rows.put_all([(["parcel", "weight"], vectors[0]), (["depot", "hours"], vectors[1])])
    base.documents.update(status=DocumentStatus.READY)
    index_of(base).catch_up()
    run = Run.objects.create(workspace=workspace, flow=flow, graph=ECHO, status=Status.FINISHED)
    for name, asks in (("base alone", None), ("both", flow)):
        of_it = TestSet.objects.create(workspace=workspace, name=name, base=base, flow=asks)
        case = TestCase.objects.create(set=of_it, question="How heavy?", run=run)
        ExpectedPassage.objects.create(case=case, document=rows.document, quote="parcel weight")
        asked = TestRun.objects.create(workspace=workspace, set=of_it, status=TestRunStatus.FINISHED)
        TestResult.objects.create(test_run=asked, case=case, question="How heavy?", run=run)
    return base


@pytest.fixture
def model(workspace, asker, flow):
    """Trained from the starter, measured, compared, sent to the hub; another model was compared with it."""
    starter = ModelVersion.objects.get(workspace=workspace, source=Source.SHIPPED)
    model = Model.objects.create(workspace=workspace, name="tuned", intended_use="Parcels.")
    first, second = (
        ModelVersion.objects.create(
            workspace=workspace, model=model, number=number, source=Source.JOB, parent=parent
        )
        for number, parent in ((1, starter), (2, None))
    )
    ModelVersion.objects.filter(pk=second.pk).update(parent=first)
    Alias.objects.create(model=model, name="production", version=second)
    AliasMove.objects.create(model=model, alias="production", after=2)
    Gate.objects.create(model=model, least_prompts=7)
    dataset = datasets.create_dataset(workspace_id=workspace.pk, name="ours", kind="completion")
    run = Run.objects.create(workspace=workspace, flow=flow, graph=ECHO, status=Status.FINISHED)
    for result, start in ((first, starter), (second, first)):
        Job.objects.create(
            workspace=workspace,
            recipe=Recipe.REWARD_MODEL,
            base=start,
            result=result,
            run=run,
            data={"source": f"{dataset.name}@1"},
            wait_key=f"job:{result.number}",
            status=JobStatus.FINISHED,
        )
    other = Model.objects.create(workspace=workspace, name="other")
    stays = ModelVersion.objects.create(workspace=workspace, model=other, number=1, source=Source.FOLDER)
    for after, before in ((second, stays), (stays, second)):
        Job.objects.create(
            workspace=workspace,
            recipe=Recipe.EVALUATE,
            base=after,
            data={"before": before.ref, "prompts": [{"prompt": "x"}]},
            wait_key=f"evaluation:{after.ref}",
            status=JobStatus.FINISHED,
        )
        Evaluation.objects.filter(after=after).update(before=before)
    test = AbTest.objects.create(workspace=workspace, model=model, status=Ended.STOPPED)
    Arm.objects.create(test=test, version=first, share=100, control=True)
    HubUpload.objects.create(
        workspace=workspace, version=first, repository="acme/tuned", status=UploadStatus.FINISHED
    )
    return model


def across() -> list[str]:
    """Rows of a workspace that point at a row of another one."""
    found = []
    for holder in apps.get_models():
        for field in holder._meta.get_fields():
            if (
                not field.concrete
                or not field.is_relation
                or not issubclass(field.related_model, WorkspaceOwned)
            ):
                continue
            own = _workspace_of(holder)
            if own is None or (holder._meta.app_label, holder._meta.model_name) in ACROSS:
                continue
            rows = holder._base_manager.exclude(**{field.name: None}).values_list(
                own, f"{field.name}__workspace"
            )
            found += [f"{holder.__name__}.{field.name}" for here, there in rows if here != there]
    return found


def _workspace_of(holder) -> str | None:
    if issubclass(holder, WorkspaceOwned):
        return "workspace"
    names = {field.name: field for field in holder._meta.get_fields() if field.concrete and field.is_relation}
    owner = next(
        (name for name, field in names.items() if issubclass(field.related_model, WorkspaceOwned)), None
    )
    return f"{owner}__workspace" if owner else None


def everything() -> dict[str, list]:
    """Of each model that belongs to a workspace: which row is whose, and what it is called and tied to."""
    return {
        owned.__name__: sorted(map(str, owned._base_manager.values_list()))
        for owned in apps.get_models()
        if issubclass(owned, WorkspaceOwned)
    }


def move(client, kind, thing, workspace):
    path = f"/api/transfers/{kind}/{thing.pk}"
    return client.post(path, {"workspace": str(workspace.pk)}, content_type="application/json")


def test_a_base_moves_with_its_index_and_its_tests(client, asker, base, elsewhere):
    KnowledgeBase.objects.create(workspace=elsewhere, name="Protocol")
    share_by_link(asker=asker, thing=Thing("base", base.pk), right=Right.VIEW)
    group = Group.objects.create(workspace=asker.workspace, name="Night shift")
    share_with_group(asker=asker, thing=Thing("base", base.pk), group=group, right=Right.VIEW)
    page = client.get(f"/publishing/transfers/base/{base.pk}/").content.decode()
    assert "search index move along" in page and "Elsewhere" in page
    answer = client.post(f"/publishing/transfers/base/{base.pk}/", {"workspace": str(elsewhere.pk)})
    assert client.get(answer.url).status_code == 200  # the browser went along
    base.refresh_from_db()
    assert (base.workspace, base.name) == (elsewhere, "Protocol 2")
    assert across() == []
    assert not base.documents.exclude(workspace=elsewhere).exists()
    assert TestSet.objects.get(workspace=elsewhere).name == "base alone"
    assert TestSet.objects.get(workspace=asker.workspace).base is None
    assert ExpectedPassage.objects.get(case__set__workspace=asker.workspace).quote == "parcel weight"
    # Found there by what lies where it lay, and not any more here.
    index = index_of(base)
    assert index.catch_up() and index.count() == 2
    assert [found for found, _ in index.matching(["parcel"], 5)] == [base.passages.get(words__0="parcel").pk]
    assert index.nearest(np.eye(16, dtype=np.float16)[1], 1)[0][0] == base.passages.get(words__0="depot").pk
    assert NodeKnowledge(elsewhere.pk)._bases(["Protocol 2"]) == [base]
    with pytest.raises(Exception, match="There is no knowledge base"):
        NodeKnowledge(asker.workspace.pk)._bases([str(base.pk)])
    told = set(AuditEvent.objects.values_list("workspace__name", "action", "subject"))
    assert {
        ("Depot", "base.moved_away", "Protocol"),
        ("Elsewhere", "base.moved_here", "Protocol 2"),
    } <= told
    assert [share.is_link for share in Share.objects.of(Thing("base", base.pk))] == [True]


def test_a_model_moves_with_how_it_was_made(client, asker, model, elsewhere):
    assert move(client, "model", model, elsewhere).json()["workspace"] == "Elsewhere"
    assert across() == []
    version = resolve(elsewhere.pk, "tuned")
    assert version.number == 2 and version.folder.name == str(version.pk)
    first = version.parent
    assert first.workspace == elsewhere and first.parent.source == Source.SHIPPED
    jobs = Job.objects.filter(workspace=elsewhere)
    assert jobs.count() == 3 and not jobs.exclude(run=None).exists()
    assert Evaluation.objects.get(workspace=elsewhere).before_ref == "other@1"
    assert Evaluation.objects.get(workspace=asker.workspace).before is None
    for kind in (AbTest, HubUpload):
        assert kind.objects.get().workspace == elsewhere
    assert Gate.objects.get(model=model).least_prompts == 7
    page = client.get(f"/sharing/model/{model.pk}/")
    assert page.status_code == 404  # it is not of this workspace any more
    client.post(f"/workspaces/{elsewhere.pk}/choice/")
    for path in ("/models/tuned/", f"/models/versions/{version.pk}/", f"/models/versions/{first.pk}/"):
        assert client.get(path).status_code == 200
    assert client.delete(f"/api/models/{version.pk}").status_code in {204, 409}


@pytest.mark.parametrize("where", ["draft", "live", "staging"])
@pytest.mark.parametrize("kind", ["base", "model"])
def test_what_a_flow_uses_does_not_go(client, flow, base, model, elsewhere, kind, where):
    thing = {"base": base, "model": model}[kind]
    node = {
        "base": {"id": "n", "type": "knowledge.retrieve", "settings": {"base": str(base.pk)}},
        "model": {"id": "n", "type": "language.local_model", "settings": {"model": "tuned:production"}},
    }[kind]
    graph = {**ECHO, "nodes": [*ECHO["nodes"], node]}
    if where == "draft":
        flow.graph = graph
    else:
        version = FlowVersion.objects.create(flow=flow, number=1, graph=graph)
        setattr(flow, "published_version" if where == "live" else "staging_version", version)
    flow.save()
    refused = move(client, kind, thing, elsewhere)
    assert refused.status_code == 409 and "“Desk”" in refused.json()["error"]["message"]
    assert "“Desk”" in client.get(f"/publishing/transfers/{kind}/{thing.pk}/").content.decode()
    thing.refresh_from_db()
    assert thing.workspace == flow.workspace


def test_what_goes_on_is_waited_for(client, workspace, base, model, elsewhere):
    base.documents.update(status=DocumentStatus.QUEUED)
    assert "being read" in move(client, "base", base, elsewhere).json()["error"]["message"]
    Job.objects.filter(result__model=model).update(status=JobStatus.RUNNING)
    HubUpload.objects.update(status=UploadStatus.RUNNING)
    told = move(client, "model", model, elsewhere).json()["error"]["details"]
    assert len(told) == 2 and "training" in told[1]
    Job.objects.update(status=JobStatus.FINISHED)
    child = ModelVersion.objects.get(model__name="other")
    child.parent = model.versions.get(number=1)
    child.save()
    told = move(client, "model", model, elsewhere).json()["error"]["details"]
    assert told[0].startswith("“other@1” was trained from it")
    starter = Model.objects.get(workspace=workspace, name="starter")
    assert "came with Flowbuilder" in move(client, "model", starter, elsewhere).content.decode()


@pytest.mark.parametrize("kind", ["base", "model"])
def test_a_fault_at_any_write_leaves_all_as_it_was(asker, base, model, elsewhere, kind):
    thing = Thing(kind, {"base": base, "model": model}[kind].pk)
    before, writes = everything(), 0
    write = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b")

    def failing_at(number):
        seen = 0

        def wrapped(execute, sql, params, many, context):
            nonlocal seen
            if write.match(sql):
                seen += 1
                if seen == number:
                    raise DatabaseError("the line is cut")
            return execute(sql, params, many, context)

        return wrapped

    while True:
        writes += 1
        try:
            with connection.execute_wrapper(failing_at(writes)):
                moving.move(asker=asker, thing=thing, workspace_id=elsewhere.pk)
        except DatabaseError:
            assert everything() == before, f"after write {writes}"
        else:
            break
    assert writes > 8 and everything() != before


def test_it_goes_only_where_one_may_write(client, asker, base, model, elsewhere):
    strange = Workspace.objects.create(name="Strange")
    for kind, thing in (("base", base), ("model", model)):
        assert move(client, kind, thing, strange).status_code == 404
        assert move(client, kind, thing, asker.workspace).status_code == 404
    Membership.objects.filter(user=asker.user, workspace=asker.workspace).update(role=Role.RUNNER)
    assert move(client, "base", base, elsewhere).status_code == 403
