"""Taking what somebody offers: it moves into a workspace in which whoever takes it may write."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, Role, User
from flowbuilder.publishing.transfer.moving import hand
from flowbuilder.sharing import offers
from flowbuilder.sharing.models import Offer
from flowbuilder.sharing.offers import written_by


def take(*, person: User, offer_id: uuid.UUID, workspace_id: uuid.UUID, token: str = "") -> Any:
    """Once, however many try. ``ApiError`` 404 without the offer or the workspace, 409 where the thing cannot go now."""
    target = next((one for one in written_by(person) if one.pk == workspace_id), None)
    if target is None:
        raise ApiError("not_found", _("There is no such workspace in which you are an editor."), 404)
    with transaction.atomic():
        one = offers.find(person, offer_id, token)
        if Offer.objects.select_for_update().filter(pk=one.pk).first() is None:
            raise offers.gone()
        if target == one.workspace:
            raise ApiError("conflict", _("It is in this workspace already. Choose another one."), 409)
        giver = Membership.objects.filter(user=one.created_by, workspace=one.workspace).first()
        if giver is None:
            raise offers.gone()
        given = hand(
            giver=Asker(user=giver.user, workspace=one.workspace, role=giver.role),
            thing=one.what,
            there=Asker(user=person, workspace=target, role=Role.EDITOR),
        )
    return given
