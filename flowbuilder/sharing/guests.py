"""Who somebody is at a place: themselves, or a guest of the one thing there that was shared with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowbuilder.accounts.letting_in import Where
from flowbuilder.accounts.models import Asker, Role
from flowbuilder.sharing.models import OPENED, ROLES, Right, Share
from flowbuilder.sharing.routes import is_edited, is_nameless, is_open
from flowbuilder.sharing.things import Named, model_of, named_by

ORDER = list(Role)


def let_in(own: Asker | None, user: Any, session: Mapping[str, Any], where: Where) -> Asker | None:
    """``own``, where that is enough or nothing more was shared."""
    named = named_by(where.names)
    if named is None:
        return own or (_anybody_s_guest(user, session, where) if is_nameless(where) else None)
    kind, value = named
    held = Share.objects.held_by(user, session).filter(kind=kind.kind, thing__in=kind.ids(value))
    best = _strongest(list(held.select_related("workspace")), session, where)
    if best is None or _is_enough(own, best, kind, value):
        return own
    return _guest(best, own, user, edits=is_edited(best.kind, where))


def _strongest(held: list[Share], session: Mapping[str, Any], where: Where) -> Share | None:
    opened = [share for share in held if is_open(share.kind, where, by_link=share.is_link)]
    valid = [share for share in opened if not share.is_link or _is_as_opened(share, session)]
    return min(valid, key=lambda share: list(Right).index(Right(share.right)), default=None)


def _is_as_opened(share: Share, session: Mapping[str, Any]) -> bool:
    return session.get(OPENED, {}).get(str(share.pk)) == share.stamp


def _is_enough(own: Asker | None, share: Share, named: Named, value: Any) -> bool:
    """Whether their role in their own workspace gives as much; of two models of a name their own is meant."""
    if own is None:
        return False
    if own.workspace.pk == share.workspace_id:
        return ORDER.index(Role(own.role)) <= ORDER.index(ROLES[Right(share.right)])
    return named.by == "name" and model_of(named.kind).objects.visible_to(own).called(value).exists()


def _anybody_s_guest(user: Any, session: Mapping[str, Any], where: Where) -> Asker | None:
    """Who has no workspace of their own, and came for a thing."""
    held = Share.objects.held_by(user, session).select_related("workspace")[:20]
    share = next((share for share in held if not share.is_link or _is_as_opened(share, session)), None)
    return _guest(share, None, user, edits=False) if share else None


def _guest(share: Share, own: Asker | None, user: Any, *, edits: bool) -> Asker:
    return Asker(
        user=user if user.is_authenticated else None,
        workspace=share.workspace,
        role=ROLES[Right(share.right)],
        flow_id=share.thing if share.kind == "flow" else None,
        guest_of=share.what,
        edits=edits,
        home=own,
    )
