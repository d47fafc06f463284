"""Who is in the workspace, who was let in to parts of it, and with what they show it."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from flowbuilder.accounts.models import ApiKey, Asker, Group, Membership, Role, User, Workspace
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub.models import Model
from flowbuilder.people import invitations
from flowbuilder.secrets import services as kept_secrets
from flowbuilder.sharing.models import OPENED, Offer, Right, Share
from tests.safety.world.flows import make_flow
from tests.safety.world.named import BACKEND, SECRET, person

GUESTS = {"guest who views": Right.VIEW, "guest who runs": Right.RUN, "guest who edits": Right.EDIT}
"""By name, what of the flow, the base and the model was shared with them. Each has a workspace of their own."""


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


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


def make_secret(workspace: Workspace, owner: User) -> uuid.UUID:
    asker = Asker(user=owner, workspace=workspace, role=Role.OWNER)
    kept = kept_secrets.keep(asker=asker, name=SECRET, value="canary-value", hosts=["crm.example.com"])
    return kept.pk


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
