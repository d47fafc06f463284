"""Groups of members, to share something with all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Group, Membership


def create(*, asker: Asker, name: str, members: Iterable[int] = ()) -> Group:
    _must_manage(asker)
    name, chosen = _checked(name), _those(asker, members)
    with _one_of_a_name(), transaction.atomic():
        group = Group.objects.create(workspace=asker.workspace, name=name)
        group.members.set(chosen)
        record(asker=asker, action="group.created", subject=group.name, details=_told(group))
    return group


def change(*, asker: Asker, group: Group, name: str, members: Iterable[int]) -> None:
    """Both anew."""
    _must_manage(asker)
    group.name, chosen = _checked(name), _those(asker, members)
    with _one_of_a_name(), transaction.atomic():
        group.save(update_fields=["name"])
        group.members.set(chosen)
        record(asker=asker, action="group.changed", subject=group.name, details=_told(group))


def delete(*, asker: Asker, group: Group) -> None:
    _must_manage(asker)
    with transaction.atomic():
        record(asker=asker, action="group.deleted", subject=group.name, details=_told(group))
        group.delete()


def _must_manage(asker: Asker) -> None:
    if not asker.can_administer:
        raise ApiError("forbidden", _("Groups are managed by the workspace's owner and admins."), 403)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise ApiError("invalid", _("A group needs a name of 1 to 100 characters."), 422)
    return name


def _those(asker: Asker, members: Iterable[int]) -> list[Membership]:
    wanted = set(members)
    found = list(Membership.objects.filter(workspace=asker.workspace, pk__in=wanted))
    if len(found) != len(wanted):
        unknown = ", ".join(map(str, sorted(wanted - {one.pk for one in found})))
        message = _("Not members of this workspace: %(unknown)s.") % {"unknown": unknown}
        raise ApiError("invalid", message, 422)
    return found


def _told(group: Group) -> dict[str, list[str]]:
    return {"members": sorted(group.members.values_list("user__email", flat=True))}


@contextmanager
def _one_of_a_name() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise ApiError("conflict", _("A group of this name is there already."), 409) from error
