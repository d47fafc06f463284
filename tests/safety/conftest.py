"""A workspace with one of everything, and everybody who might ask for it."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.db import transaction
from django.test import Client
from django.utils import timezone

from flowbuilder.abtests.models import AbTest, Arm
from flowbuilder.abtests.models import Status as TestStatus
from flowbuilder.accounts.models import ApiKey, Asker, Group, Membership, Role, User, Workspace
from flowbuilder.apis import services as apis
from flowbuilder.apis.importing import confined
from flowbuilder.apis.models import ApiDescription, Operation
from flowbuilder.comments.models import Comment, Thread
from flowbuilder.datasets import editing
from flowbuilder.datasets import services as datasets
from flowbuilder.datasets.models import Augmentation
from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation
from flowbuilder.feedback.models import Comparison, Gold, Kind, Rating
from flowbuilder.flows.models import Flow, FlowVersion, SavedTemplate
from flowbuilder.importing import services as imports
from flowbuilder.improvement.models import Improvement
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.knowledge.retrieval import asking, embedded_texts
from flowbuilder.knowledge.storage import write_text
from flowbuilder.modelhub.models import Alias, AliasMove, HubUpload, Model, ModelVersion, Source
from flowbuilder.people import invitations
from flowbuilder.prompting.models import PromptSearch
from flowbuilder.publishing import rate, visitors
from flowbuilder.publishing.callbacks.models import Callback, Delivery, State
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.models import Lead
from flowbuilder.publishing.models import Doors, Schedule, Turn, Via, Webhook
from flowbuilder.publishing.openai.models import StoredResponse
from flowbuilder.publishing.usage.models import Price
from flowbuilder.runs.models import Run, RunEvent, Status, Wait
from flowbuilder.secrets import services as kept_secrets
from flowbuilder.sharing.models import OPENED, Offer, Right, Share
from flowbuilder.testcases.models import TestCase, TestRun, TestSet
from flowbuilder.training.findings import Row, Side
from flowbuilder.training.models import Job, JobStatus, Recipe
from flowbuilder.variables.models import Scope, Variable
from nodes.types import EvaluationReport

VISITOR = uuid.UUID(int=7)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "heron"
"""In the name of everything of the owner's workspace, but the flow."""
FLOW_SECRET = "ibis"
"""In the name of the flow and of what it owns."""
AN_EXPORT = b'{"nodes": [{"id": "start", "data": {"name": "startAgentflow", "label": "heron"}}], "edges": []}'
ECHO = {
    "nodes": [
        {"id": "start", "type": "flow.start"},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": "{{ said }}"}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w", "source": "start", "target": "prompt", "target_port": "said"},
        {"id": "v", "source": "prompt", "target": "reply", "target_port": "content"},
    ],
}


@dataclass
class World:
    """What the tests ask for: the parameters of paths, and a client for each asker."""

    workspace: Workspace
    flow: Flow
    run: Run
    graph: dict[str, Any]
    parameters: dict[str, str]
    people: dict[str, User]
    cookies: dict[str, str]
    secrets: dict[str, str]
    visitor_pass: str
    """Sent by everybody: who visits a public page is asked for nothing else."""

    def path_of(self, route: str) -> str:
        """The path of a pattern such as ``api/flows/<flow_id>``."""

        def value(found: "re.Match[str]") -> str:
            assert found[1] in self.parameters, (
                f"'{route}' has a parameter '{found[1]}' that tests/safety/conftest.py cannot fill: add an object of "
                "the owner's workspace to the world, and its id to 'parameters'."
            )
            return self.parameters[found[1]]

        return "/" + re.sub(r"<(\w+)>", value, route)

    def client(self, asker: str, **options: Any) -> Client:
        """A new one each time: an answer must not change who asks next."""
        headers = {"X-Visitor": self.visitor_pass}
        if asker in self.secrets:
            headers["Authorization"] = f"Bearer {self.secrets[asker]}"
        client = Client(raise_request_exception=False, headers=headers, **options)
        if asker in self.cookies:
            client.cookies[django_settings.SESSION_COOKIE_NAME] = self.cookies[asker]
        return client


@pytest.fixture
def unhindered(settings, monkeypatch) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    monkeypatch.setattr(rate, "OPINIONS", 1000)  # everybody here sits at one network address
    monkeypatch.setattr(asking, "PATIENCE", 0.01)  # no model worker runs beside these tests
    monkeypatch.setattr(embedded_texts, "PATIENCE", 0.01)
    monkeypatch.setattr(apis, "understood", confined.read)  # without a child process for each


@pytest.fixture
def world(db, unhindered) -> World:
    return make_world()


@pytest.fixture(scope="module")
def lasting_world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One for all tests of a module that undo what they did: to make it takes longer than most of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def make_world() -> World:
    workspace = Workspace.objects.create(name=f"Depot {SECRET}")
    people = {name: person(name) for name in ("owner", "admin", "editor", "runner", "viewer", "removed")}
    for role in Role:
        Membership.objects.create(user=people[role], workspace=workspace, role=role)
    people["stranger"] = person("stranger")
    Membership.objects.create(
        user=people["stranger"], workspace=Workspace.objects.create(name="Elsewhere"), role=Role.OWNER
    )
    flow = make_flow(workspace, FLOW_SECRET, slug="the-flow")
    run = make_run(flow, status=Status.FAILED, error="It stopped.")
    keys = make_keys(workspace, people, flow)
    doors = make_doors(flow)
    known = {**make_knowledge(workspace), **make_models(workspace)}
    shares = make_shares(flow, known, people)
    parameters = {
        **known,
        **shares,
        **make_thread(flow, people["admin"]),
        "flow_id": flow.pk,
        "number": 1,
        "environment": "staging",
        "slug": flow.slug,
        "run_id": run.pk,
        "node": "prompt_1",
        "key_id": ApiKey.objects.get(name=f"key {SECRET}").pk,
        "token": "guess",
        "uidb36": "1",
        "key": "guess",
        "pk": 1,
        "provider_id": "guess",
        "organization_slug": "guess",
        "session_id": 1,
        **make_apis(workspace),
        **make_tests(workspace),
        **make_dataset(workspace),
        **make_evaluation(workspace),
        **make_test(workspace),
        **make_feedback(flow, people["admin"]),
        "address": doors.address,
        "secret_id": make_secret(workspace, people["owner"]),
        "turn_id": make_turn(doors).run_id,
        **make_flowise_chat(doors),
        "search_id": make_search(flow),
        "type_id": "text.prompt",
        "template_id": make_template(flow),
        **make_remembered(workspace),
        **make_wait(flow),
        **make_triggers(flow),
        **make_people(workspace, people["owner"]),
        "response_id": make_response(flow).name,
        **make_callback(flow, run),
        "import_id": make_import(workspace, people["owner"]),
        **make_price(workspace),
        "improvement_id": Improvement.objects.create(workspace=workspace, flow=flow).pk,
    }
    return World(
        workspace=workspace,
        flow=flow,
        run=run,
        graph=ECHO,
        parameters={name: str(value) for name, value in parameters.items()},
        people=people,
        cookies={name: session_of(user) for name, user in people.items()} | make_links(flow),
        secrets=keys,
        visitor_pass=pass_of(doors),
    )


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.test", "correct horse battery")


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def make_flow(workspace: Workspace, name: str, slug: str) -> Flow:
    flow = Flow.objects.create(workspace=workspace, name=name, slug=slug, graph=ECHO)
    flow.published_version = FlowVersion.objects.create(flow=flow, number=1, graph=ECHO)
    flow.save()
    return flow


def make_doors(flow: Flow) -> Doors:
    """All open. The page tells what the owner wrote for it, and not even the flow's name."""
    wide = {"page": True, "embed": True, "mcp": True, "flowise": True, "flowise_leads": True, "pairs": True}
    wide |= {"visitor_rate": 1000, "flow_rate": 10_000}
    return Doors.objects.create(workspace=flow.workspace, flow=flow, title="Parcel desk", **wide)


def pass_of(doors: Doors) -> str:
    said = {"visitor": VISITOR.hex, "doors": doors.pk.hex, "via": Via.PAGE, "site": ""}
    return signing.dumps(said, salt=visitors.SALT)


def make_flowise_chat(doors: Doors) -> dict[str, Any]:
    """A message of a key's chat, with what was thought of it under the flow's own id: both stand in one address."""
    caller = Caller(doors, Asker(None, doors.workspace, Role.RUNNER), "", "")
    turn = make_turn(doors)
    Turn.objects.filter(pk=turn.pk).update(via=Via.FLOWISE, conversation=caller.conversation("c-1"))
    said = {"prompt": "Where is my parcel?", "answer": FLOW_SECRET, "kind": Kind.THUMBS, "up": True}
    owned = {"workspace": doors.workspace, "flow": doors.flow}
    Rating.objects.create(pk=doors.flow_id, run=turn.run, **owned, **said)
    lead = Lead.objects.create(**owned, chat="c-2", email=f"{FLOW_SECRET}@example.test")
    return {
        "chat_id": "c-1",
        "message_id": turn.pk,
        "subject": doors.flow_id,
        "lead_id": lead.pk,
    }


def make_turn(doors: Doors) -> Turn:
    """What the visitor asked, and was answered; the run's other nodes said what is not for them."""
    run = make_run(doors.flow, status=Status.FINISHED, inputs={"question": "Where is it?"})
    RunEvent.objects.create(run=run, seq=2, type="run.finished", data={"reply": "At the gate."}, at=0)
    Run.objects.filter(pk=run.pk).update(reply="At the gate.")
    asked = {"visitor": VISITOR, "conversation": VISITOR, "via": Via.PAGE}
    return Turn.objects.create(workspace=doors.workspace, flow=doors.flow, run=run, **asked)


def make_run(flow: Flow, **fields: Any) -> Run:
    told = {"graph": ECHO, "inputs": {"question": FLOW_SECRET}, "reply": FLOW_SECRET, **fields}
    run = Run.objects.create(workspace=flow.workspace, flow=flow, **told)
    said = {"outputs": {"out": FLOW_SECRET}}
    RunEvent.objects.create(run=run, seq=1, type="node.finished", node="reply", data=said, at=0)
    return run


def make_callback(flow: Flow, run: Run) -> dict[str, Any]:
    told = {"workspace": flow.workspace, "flow": flow}
    callback = Callback.objects.create(**told, url="https://hooks.example.com/runs")
    delivery = Delivery.objects.create(**told, callback=callback, run=run, state=State.FAILED, body="{}")
    return {"callback_id": callback.pk, "delivery_id": delivery.pk}


def make_response(flow: Flow) -> StoredResponse:
    run = make_run(flow, status=Status.FINISHED)
    told = {"asked": {"background": True}, "messages": [{"role": "user", "content": FLOW_SECRET}]}
    return StoredResponse.objects.create(workspace=flow.workspace, flow=flow, run=run, **told)


def make_remembered(workspace: Workspace) -> dict[str, Any]:
    found = Variable.objects.create(workspace=workspace, scope=Scope.WORKSPACE, name="limit", value=SECRET)
    return {"variable_id": found.pk, "variable": found.name}


def make_price(workspace: Workspace) -> dict[str, Any]:
    price = Price.objects.create(workspace=workspace, model="priced")
    return {"price_id": price.pk, "model_name": price.model}


def make_triggers(flow: Flow) -> dict[str, Any]:
    about = {"workspace": flow.workspace, "flow": flow}
    hook = Webhook.objects.create(**about, node_id="hook")
    schedule = Schedule.objects.create(**about, node_id="clock", cron="0 9 * * *", time_zone="UTC")
    return {"hook_id": hook.pk, "schedule_id": schedule.pk}


def make_wait(flow: Flow) -> dict[str, Any]:
    """Somebody of the owner's workspace has to approve."""
    about = {"kind": "approval", "question": FLOW_SECRET, "details": FLOW_SECRET, "form": None}
    parked = make_run(flow, status=Status.WAITING)
    wait = Wait.objects.create(run=parked, node_id="ask", key="of a parked run", about=about)
    return {"wait_id": wait.pk}


def make_feedback(flow: Flow, rater: User) -> dict[str, Any]:
    """Somebody's rating, and a comparison that waits for a verdict."""
    left, right = (make_run(flow, status=Status.FINISHED) for _ in range(2))
    comparison = Comparison.objects.create(workspace=flow.workspace, flow=flow, left=left, right=right)
    rating = Rating.objects.create(
        workspace=flow.workspace,
        flow=flow,
        run=left,
        node_id="start",
        person=rater,
        kind=Kind.THUMBS,
        up=True,
        prompt=FLOW_SECRET,
        answer=FLOW_SECRET,
    )
    gold = Gold.objects.create(
        workspace=flow.workspace, flow=flow, prompt=FLOW_SECRET, answer=FLOW_SECRET, up=False
    )
    return {
        "comparison_id": comparison.pk,
        "rating_id": rating.pk,
        "gold_id": gold.pk,
        "item_id": gold.pk,
    }


def make_search(flow: Flow) -> Any:
    told = {"start": FLOW_SECRET, "found": {"best": FLOW_SECRET}}
    where = {"node": "prompt", "setting": "template"}
    search = PromptSearch.objects.create(workspace=flow.workspace, flow=flow, graph=ECHO, **where, **told)
    return search.pk


def make_template(flow: Flow) -> Any:
    graph = {**ECHO, "nodes": [{**node, "label": FLOW_SECRET} for node in ECHO["nodes"]]}
    return SavedTemplate.objects.create(workspace=flow.workspace, title=FLOW_SECRET, graph=graph).pk


def make_keys(workspace: Workspace, people: dict[str, User], flow: Flow) -> dict[str, str]:
    another = make_flow(workspace, "another", "another")
    wanted = {
        "key": (people["owner"], None),
        "key of the flow": (people["owner"], flow),
        "key of another flow": (people["owner"], another),
        "revoked key": (people["owner"], None),
        "key of a viewer": (people["viewer"], None),
        "key of somebody removed": (people["removed"], None),
    }
    issued = {
        name: ApiKey.issue(workspace, maker, f"{name} {SECRET}", limit)
        for name, (maker, limit) in wanted.items()
    }
    issued["revoked key"][0].revoke()
    return {name: secret for name, (_, secret) in issued.items()}


GUESTS = {"guest who views": Right.VIEW, "guest who runs": Right.RUN, "guest who edits": Right.EDIT}
"""By name, what of the flow, the base and the model was shared with them. Each has a workspace of their own."""


def make_thread(flow: Flow, person: User) -> dict[str, Any]:
    thread = Thread.objects.create(workspace=flow.workspace, flow=flow, node="prompt", label="prompt")
    Comment.objects.create(thread=thread, person=person, name="The admin", text=FLOW_SECRET)
    return {"thread_id": thread.pk}


def make_shares(flow: Flow, known: dict[str, Any], people: dict[str, User]) -> dict[str, Any]:
    """And one with a group in which a viewer is, who may edit this flow; a link that nobody opened is the one that tests ask for."""
    things = {"flow": flow.pk, "base": known["base_id"], "model": Model.objects.get(name=SECRET).pk}
    for name, right in GUESTS.items():
        guest = people[name] = person(name.replace(" ", "-"))
        own = Workspace.objects.create(name=f"Of the {name}")
        Membership.objects.create(user=guest, workspace=own, role=Role.OWNER)
        for kind, thing in things.items():
            Share.objects.create(workspace=flow.workspace, kind=kind, thing=thing, right=right, person=guest)
    raised = people["viewer whose group edits the flow"] = person("raised")
    viewer = Membership.objects.create(user=raised, workspace=flow.workspace, role=Role.VIEWER)
    group = Group.objects.create(workspace=flow.workspace, name=f"Desk {SECRET}")
    group.members.add(viewer)
    whole = {"workspace": flow.workspace, "kind": "flow", "thing": flow.pk}
    Share.objects.create(**whole, right=Right.EDIT, group=group)
    share = Share.objects.create(**whole, right=Right.VIEW, digest=Share.digest_of("unopened"))
    told = {"workspace": flow.workspace, "created_by": people["owner"], "email": f"{SECRET}@example.test"}
    soon = timezone.now() + timedelta(days=1)
    offer = Offer.objects.create(**told, kind="base", thing=known["base_id"], ends_at=soon)
    return {"share_id": share.pk, "kind": "flow", "thing_id": flow.pk, "offer_id": offer.pk}


def make_links(flow: Flow) -> dict[str, str]:
    """Sessions of nobody, in which links were opened: one that lasts, and one whose time is over."""
    yesterday = timezone.now() - timedelta(days=1)
    return {
        "holder of a link": opened(flow, Right.RUN),
        "holder of an ended link": opened(flow, Right.RUN, expires_at=yesterday),
    }


def opened(flow: Flow, right: Right, **fields: Any) -> str:
    digest = Share.digest_of(f"{right} {fields}")
    told = {"workspace": flow.workspace, "kind": "flow", "thing": flow.pk, "digest": digest}
    share = Share.objects.create(**told, right=right, **fields)
    session = SessionStore()
    session[OPENED] = {str(share.pk): share.stamp}
    session.create()
    return str(session.session_key)


def make_import(workspace: Workspace, owner: User) -> uuid.UUID:
    asker = Asker(user=owner, workspace=workspace, role=Role.OWNER)
    return imports.preview(asker=asker, files=[("flow.json", AN_EXPORT)]).pk


def make_secret(workspace: Workspace, owner: User) -> uuid.UUID:
    asker = Asker(user=owner, workspace=workspace, role=Role.OWNER)
    kept = kept_secrets.keep(asker=asker, name=SECRET, value="canary-value", hosts=["crm.example.com"])
    return kept.pk


def make_knowledge(workspace: Workspace) -> dict[str, Any]:
    base = KnowledgeBase.objects.create(workspace=workspace, name=f"Protocol {SECRET}")
    document = Document.objects.create(
        workspace=workspace, base=base, name=f"{SECRET}.md", format="md", size=1, status=DocumentStatus.FAILED
    )
    write_text(document, f"# {SECRET}\n\nA parcel.")
    passage = Passage.objects.create(base=base, document=document, ordinal=0, text=SECRET, start=0, end=9)
    return {"base_id": base.pk, "document_id": document.pk, "passage_id": passage.pk}


def make_apis(workspace: Workspace) -> dict[str, Any]:
    """One whose mock server answers every method of one path."""
    description = ApiDescription.objects.create(
        workspace=workspace, name=f"Deliveries {SECRET}", source="OpenAPI 3.1", document={"openapi": "3.1.0"}
    )
    answer = {"200": {"description": SECRET, "schema": {"const": SECRET}}}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        operation = Operation.objects.create(
            workspace=workspace, description=description, method=method, path="/parcels", responses=answer
        )
    return {"description_id": description.pk, "operation_id": operation.pk, "path": "parcels"}


def make_test(workspace: Workspace) -> dict[str, Any]:
    """One that has ended. Every workspace, also the stranger's, has the versions for another."""
    for starter in Model.objects.filter(name="starter"):
        ModelVersion.objects.create(
            workspace_id=starter.workspace_id, model=starter, number=2, source=Source.FOLDER
        )
    model = Model.objects.get(workspace=workspace, name="starter")
    control, challenger = model.versions.order_by("number")
    test = AbTest.objects.create(
        workspace=workspace, model=model, status=TestStatus.CONCLUDED, reason=f"{SECRET} is better."
    )
    Arm.objects.create(test=test, version=control, share=90, control=True)
    test.winner = Arm.objects.create(test=test, version=challenger, share=10)
    test.save()
    return {"test_id": test.pk}


def make_dataset(workspace: Workspace) -> dict[str, Any]:
    """One with a version, a row that only its draft has, and an order for more. All its prompts are for training."""
    shares = {"train_share": 100, "validation_share": 0}
    dataset = datasets.create_dataset(workspace_id=workspace.pk, name=SECRET, kind="completion", **shares)
    for prompt in ("first", "second"):
        row = editing.incoming("completion", {"prompt": f"{prompt} {SECRET}", "completion": SECRET})
        editing.add(dataset=dataset, rows=[row])
        if prompt == "first":
            datasets.freeze(dataset=dataset)
    order = Augmentation.objects.create(workspace=workspace, dataset=dataset, error=SECRET)
    row = dataset.draft.get(first=None)
    return {"dataset_id": dataset.pk, "row_id": row.pk, "augmentation_id": order.pk}


def make_people(workspace: Workspace, owner: User) -> dict[str, Any]:
    """A member that no test asks as, their group, and an open invitation."""
    member = Membership.objects.create(user=person("member"), workspace=workspace, role=Role.EDITOR)
    group = Group.objects.create(workspace=workspace, name=f"Group {SECRET}")
    group.members.add(member)
    asker = Asker(user=owner, workspace=workspace, role=Role.OWNER)
    invitation, _ = invitations.invite(asker=asker, role="viewer", email=f"{SECRET}@example.test")
    return {
        "workspace_id": workspace.pk,
        "member_id": member.pk,
        "group_id": group.pk,
        "invitation_id": invitation.pk,
    }


def make_tests(workspace: Workspace) -> dict[str, Any]:
    """A test set of the base with a case, and a run of it."""
    base = KnowledgeBase.objects.get(workspace=workspace)
    test_set = TestSet.objects.create(workspace=workspace, name=f"set {SECRET}", base=base)
    case = TestCase.objects.create(set=test_set, question=f"Where is the {SECRET}?", expected_answer="Here.")
    test_run = TestRun.objects.create(workspace=workspace, set=test_set, note=SECRET)
    return {"set_id": test_set.pk, "case_id": case.pk, "test_run_id": test_run.pk}


def make_models(workspace: Workspace) -> dict[str, Any]:
    model = Model.objects.create(workspace=workspace, name=SECRET)
    version = ModelVersion.objects.create(
        workspace=workspace, model=model, number=1, source=Source.FOLDER, files=[]
    )
    second = ModelVersion.objects.create(workspace=workspace, model=model, number=2, source=Source.FOLDER)
    Alias.objects.create(model=model, name="production", version=second)
    Alias.objects.create(model=model, name="staging", version=second)
    for alias in ("production", "staging"):
        AliasMove.objects.create(model=model, alias=alias, after=1)
        AliasMove.objects.create(model=model, alias=alias, before=1, after=2)
    upload = HubUpload.objects.create(workspace=workspace, version=version, repository=f"acme/{SECRET}")
    job = Job.objects.create(
        workspace=workspace,
        recipe=Recipe.REWARD_MODEL,
        base=ModelVersion.objects.get(workspace=workspace, source=Source.SHIPPED),
        wait_key=f"job:{SECRET}",
        status=JobStatus.FAILED,
        error=SECRET,
    )
    return {
        "version_id": version.pk,
        "name": model.name,
        "alias": "staging",
        "job_id": job.pk,
        "upload_id": upload.pk,
    }


def make_evaluation(workspace: Workspace) -> dict[str, Any]:
    """A finished one, of a prompt and a question of the safety set."""
    after, before = ModelVersion.objects.filter(workspace=workspace, model__name=SECRET)
    report = EvaluationReport(before=before.ref, after=after.ref, prompts=1)
    job = Job.objects.create(
        workspace=workspace,
        recipe=Recipe.EVALUATE,
        base=after,
        data={"before": before.ref, "prompts": [{"prompt": SECRET}]},
        wait_key=f"job:evaluation {SECRET}",
        status=JobStatus.FINISHED,
        report=report.model_dump(mode="json"),
    )
    evaluation = Evaluation.objects.get(job=job)
    Evaluation.objects.update(report=job.report, measured_at=timezone.now())
    sides = {"before": Side(answer="old"), "after": Side(answer=SECRET)}
    for number, item in enumerate(["", "hate-en-1"]):
        row = Row(number=number, prompt=SECRET, item=item, **sides)
        EvaluatedPrompt.of(evaluation, row, 0.1).save()
    return {"evaluation_id": evaluation.pk, "form": "csv", "pair": 0, "question": 1, "which": "x"}
