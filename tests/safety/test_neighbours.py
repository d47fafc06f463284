"""Everything that is open to guests, asked as each kind of guest: nothing that comes back tells of what lies beside it."""

import json
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from flowbuilder.accounts.models import ApiKey, Asker, Group, Membership, Role, User
from flowbuilder.comments import services as comments
from flowbuilder.datasets import services as datasets
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase, Passage
from flowbuilder.modelhub.models import Alias, AliasMove, Model, ModelVersion, Source
from flowbuilder.people import invitations
from flowbuilder.runs.models import Run, Status
from flowbuilder.secrets import services as kept_secrets
from flowbuilder.sharing.models import OPENED, ROLES, Right, Share
from flowbuilder.training.models import Job, JobStatus, Recipe
from flowbuilder.variables.models import Scope, Variable
from tests.safety.expectations import ROUTES
from tests.safety.expectations.guests import guests_go
from tests.safety.world.named import BACKEND
from tests.safety.world.whole import World, make_world
from tests.sharing.test_routes import kind_of

MARKER = "wolverine"
"""In the name of everything of the workspace that was shared with nobody."""
HOLDERS = ("person", "link")
"""Who has a share by a group is a member, and sees the neighbours by their role."""


@pytest.fixture
def world(db, unhindered) -> World:
    world = make_world()
    plant_neighbours(world)
    return world


def plant_neighbours(world: World) -> None:
    """One of everything, tied to the shared flow, base and model in each way that there is."""
    workspace, owner = world.workspace, world.people["owner"]
    asker = Asker(user=owner, workspace=workspace, role=Role.OWNER)
    shared = Model.objects.get(pk=shared_things(world)["model"])
    version = shared.versions.get(number=2)
    neighbour = Model.objects.create(workspace=workspace, name=MARKER, intended_use=MARKER, limits=MARKER)
    parent, child = (
        ModelVersion.objects.create(
            workspace=workspace, model=neighbour, number=number, source=Source.JOB, metrics={"loss": number}
        )
        for number in (1, 2)
    )
    ModelVersion.objects.filter(pk=child.pk).update(parent=version)
    ModelVersion.objects.filter(pk=version.pk).update(parent=parent, metrics={"loss": 0.5})
    Alias.objects.create(model=neighbour, name="production", version=child)
    AliasMove.objects.create(model=neighbour, alias="production", after=2, reason=MARKER)
    Job.objects.create(
        workspace=workspace,
        recipe=Recipe.REWARD_MODEL,
        base=parent,
        result=version,
        data={"source": f"{MARKER}@1", "reward_model": f"{MARKER}@2"},
        wait_key=f"job:{MARKER}",
        status=JobStatus.FINISHED,
    )
    base = KnowledgeBase.objects.create(workspace=workspace, name=MARKER)
    told = {"name": f"{MARKER}.md", "format": "md", "size": 1, "status": DocumentStatus.READY}
    document = Document.objects.create(workspace=workspace, base=base, **told)
    Passage.objects.create(base=base, document=document, ordinal=0, text=f"A parcel of the {MARKER}.")
    # What the shared document says stands in the neighbour too.
    original = Document.objects.get(pk=world.parameters["document_id"])
    Document.objects.filter(pk=document.pk).update(resembles=original, resemblance=1.0)
    uses = {
        "nodes": [
            {"id": MARKER, "type": "language.local_model", "settings": {"model": shared.name}},
            {"id": "find", "type": "knowledge.retrieve", "settings": {"base": world.parameters["base_id"]}},
            {"id": "call", "type": "flow.call", "settings": {"flow": world.flow.slug}},
        ],
        "wires": [],
    }
    flow = Flow.objects.create(workspace=workspace, name=MARKER, slug=MARKER, graph=uses)
    Run.objects.create(workspace=workspace, flow=flow, graph=uses, status=Status.FINISHED, reply=MARKER)
    comments.begin(asker=asker, flow=flow, node="", text=MARKER)
    datasets.create_dataset(workspace_id=workspace.pk, name=MARKER, kind="completion")
    kept_secrets.keep(asker=asker, name=MARKER, value=MARKER, hosts=[f"{MARKER}.example.com"])
    Variable.objects.create(workspace=workspace, scope=Scope.WORKSPACE, name=MARKER, value=MARKER)
    ApiKey.issue(workspace, owner, MARKER)
    member = User.objects.create_user(f"{MARKER}@example.test", name=MARKER)
    Membership.objects.create(user=member, workspace=workspace, role=Role.EDITOR)
    group = Group.objects.create(workspace=workspace, name=MARKER)
    for kind, thing in shared_things(world).items():
        Share.objects.create(workspace=workspace, kind=kind, thing=thing, group=group, right=Right.VIEW)
        waits = {"email": f"{MARKER}@elsewhere.test", "person": None, "right": Right.VIEW}
        Share.objects.create(workspace=workspace, kind=kind, thing=thing, invitation=f"x{kind}", **waits)
    invitations.invite(asker=asker, role="viewer", email=f"{MARKER}.new@example.test")


def shared_things(world: World) -> dict[str, str]:
    shared = Share.objects.filter(person=world.people["guest who views"])
    return {share.kind: str(share.thing) for share in shared}


def guest_of(world: World, kind: str, right: Right, holder: str) -> Client:
    """Somebody without a workspace, to whom that one thing was shared."""
    client = Client(raise_request_exception=False)
    told = {"workspace": world.workspace, "kind": kind, "thing": shared_things(world)[kind], "right": right}
    user = User.objects.create_user(f"{kind}-{right}-{holder}@example.test")
    if holder == "person":
        client.force_login(user, backend=BACKEND)
        Share.objects.create(**told, person=user)
        return client
    if right == Right.EDIT:  # which takes an account
        client.force_login(user, backend=BACKEND)
    share = Share.objects.create(**told, digest=Share.digest_of(f"{kind}{right}"))
    session = client.session
    session[OPENED] = {str(share.pk): share.stamp}
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def open_to_guests(kind: str) -> Iterator[tuple[str, str]]:
    for route, methods in ROUTES.items():
        if kind_of(route) == kind:
            yield from (
                (method, route) for method in methods if guests_go(kind, method, route, by_link=False)
            )


@pytest.mark.parametrize("kind", ["flow", "base", "model"])
def test_nothing_tells_a_guest_of_what_lies_beside(world, kind):
    asked, told = list(open_to_guests(kind)), {}
    answered: set[str] = set()
    for right in ROLES:
        for holder in HOLDERS:
            client = guest_of(world, kind, right, holder)
            for method, route in asked:
                if method != "GET" and (right, holder) != (Right.EDIT, "person"):
                    continue
                answer = ask(client, world, method, route)
                answered |= {route} if answer.status_code == 200 else set()
                if MARKER in text_of(answer):
                    told[f"{method} {route} ({right}, {holder})"] = around(text_of(answer))
            for path in (
                "/shared/",
                "/api/shared-with-me",
                "/api/mentions",
                "/api/nodes",
                "/",
                "/models/",
                "/flows/",
            ):
                if MARKER in text_of(answer := client.get(path)):
                    told[f"{path} ({right}, {holder})"] = around(text_of(answer))
    assert not told, json.dumps(told, indent=1)
    gets = {route for method, route in asked if method == "GET"}
    assert len(gets - answered) <= len(gets) / 4, (
        f"Not answered, and so not looked at: {sorted(gets - answered)}"
    )


def ask(client: Client, world: World, method: str, route: str):
    rule = ROUTES[route][method]
    if method == "GET":
        return client.get(world.path_of(route), {"q": "parcel", "query": "parcel", "text": "parcel"})
    body = rule.sends(world) if rule.sends else {}
    options = {} if rule.form else {"content_type": "application/json"}
    with transaction.atomic():  # what is deleted here is asked for again
        answer = getattr(client, method.lower())(world.path_of(route), body, **options)
        transaction.set_rollback(True)
    return answer


def text_of(answer) -> str:
    return "" if answer.streaming else answer.content.decode(errors="replace").lower()


def around(text: str) -> str:
    return " ".join(text[max(0, text.index(MARKER) - 150) :][:300].split())


OF_THE_REQUEST = re.compile(r"csrftoken\"?: ?\"[^\"]*|nonce=\"[^\"]*|value=\"\w{64}\"")


def test_a_guessed_name_is_answered_like_one_that_nothing_has(world):
    client = guest_of(world, "model", Right.EDIT, "person")

    def answers(name):
        paths = [
            f"/models/{name}/",
            f"/api/models/{name}/aliases",
            f"/api/models/{name}/aliases/production/moves",
        ]
        got = [client.get(path) for path in paths] + [client.post(f"/models/{name}/description/", {})]
        return [(one.status_code, OF_THE_REQUEST.sub("", text_of(one)).replace(name, "")) for one in got]

    assert answers(MARKER) == answers("starling")
    assert answers(MARKER)[0][0] == 404


def test_models_of_one_name_are_each_reached_by_their_id(world):
    shared = Model.objects.get(pk=shared_things(world)["model"])
    guest = world.people["guest who views"]
    own = Model.objects.create(workspace=guest.memberships.get().workspace, name=shared.name)
    client = Client()
    client.force_login(guest, backend=BACKEND)
    assert f"/models/{shared.pk}/" in client.get("/shared/").content.decode()
    assert "Shared with you by" in client.get(f"/models/{shared.pk}/").content.decode()
    assert "Shared with you by" not in client.get(f"/models/{own.name}/").content.decode()
