"""How aliases move: each move is kept, so that it can be shown and taken back. ``registry`` holds the rules."""

from __future__ import annotations

from typing import Any

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub.models import PRODUCTION, Alias, AliasMove, Model, ModelVersion, VersionStatus


def lock(model: Model) -> None:
    """Whoever else wants to move an alias of the model waits for the end of this transaction."""
    Model.objects.select_for_update().get(pk=model.pk)


def first(version: ModelVersion) -> None:
    """A model's first usable version is in production: there is no other."""
    values = {"version": version}
    _, created = Alias.objects.get_or_create(model=version.model, name=PRODUCTION, defaults=values)
    if created:
        AliasMove.objects.create(model=version.model, alias=PRODUCTION, after=version.number)


def move(
    version: ModelVersion,
    name: str,
    *,
    asker: Asker,
    reason: str = "",
    refusals: list[str] | None = None,
    undo: bool = False,
) -> Alias:
    """Point the alias at the version. Where it already points there, nothing is done."""
    model = version.model
    alias = Alias.objects.filter(model=model, name=name).select_related("version").first()
    before = alias.version if alias else None
    if alias is not None and before == version:
        return alias
    alias, _ = Alias.objects.update_or_create(model=model, name=name, defaults={"version": version})
    AliasMove.objects.create(
        model=model,
        alias=name,
        before=before.number if before else None,
        after=version.number,
        undo=undo,
        person=asker.user,
        reason=reason,
        refusals=refusals or [],
    )
    details: dict[str, Any] = {"before": before.number if before else None, "after": version.number}
    details |= {"reason": reason, "refusals": refusals or []}
    action = "alias.rolled_back" if undo else "alias.moved"
    record(asker=asker, action=action, subject=f"{model.name}:{name}", details=details)
    return alias


def remove(model: Model, name: str, *, asker: Asker) -> bool:
    alias = Alias.objects.filter(model=model, name=name).select_related("version").first()
    if alias is None:
        return False
    number = alias.version.number
    alias.delete()
    AliasMove.objects.create(model=model, alias=name, before=number, person=asker.user)
    subject = f"{model.name}:{name}"
    record(asker=asker, action="alias.removed", subject=subject, details={"before": number})
    return True


def is_first(model: Model, name: str) -> bool:
    """Whether the alias never stood anywhere."""
    return not _moves(model, name).exists()


def unopposed(model: Model, name: str) -> set[int]:
    """The versions that it was moved to with nothing standing against them."""
    free = _moves(model, name).filter(undo=False, refusals=[]).exclude(after=None)
    return set(free.values_list("after", flat=True))


def previous(model: Model, name: str) -> ModelVersion | None:
    """Where a roll back leads: to before the last move that was not taken back, among what can still be used."""
    now = Alias.objects.filter(model=model, name=name).values("version")
    versions = model.versions.filter(status=VersionStatus.READY).exclude(pk__in=now).select_related("model")
    usable = {version.number: version for version in versions}
    left: list[int | None] = []
    for made in _moves(model, name).order_by("id"):
        if not made.undo:
            left.append(made.before)
            continue
        # A roll back skips versions that were deleted, so it may take several moves back at once.
        while left and left.pop() != made.after:
            pass
    return next((usable[number] for number in reversed(left) if number in usable), None)


def _moves(model: Model, name: str) -> Any:
    return AliasMove.objects.filter(model=model, alias=name)
