"""What is done to A/B tests: started, looked at, ended, their winner promoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from flowbuilder.abtests.models import AbTest, Arm, Metric, Status
from flowbuilder.abtests.outcomes import settle
from flowbuilder.abtests.results import Results, results
from flowbuilder.abtests.rules import Ending, ending
from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Role
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import PRODUCTION, Alias, Kind, Model, ModelVersion, VersionStatus

MOST_CHALLENGERS = 4


@dataclass(frozen=True)
class Challenger:
    number: int
    share: int
    """Percent of the sessions."""


def start(
    *,
    asker: Asker,
    model: Model,
    challengers: list[Challenger],
    alias: str = PRODUCTION,
    metric: str = Metric.GOOD,
    **rules: Any,
) -> AbTest:
    """Divide what the alias means from now on. ``rules`` are the fields of ``AbTest`` that say when it ends."""
    control = Alias.objects.filter(model=model, name=alias).select_related("version").first()
    if control is None:
        there = ", ".join(model.aliases.values_list("name", flat=True)) or "none"
        raise ApiError("invalid", f"'{model.name}' has no alias '{alias}'. There is: {there}.", 422)
    versions = _versions(model, control.version, challengers)
    try:
        with transaction.atomic():
            test = AbTest.objects.create(
                workspace=asker.workspace,
                model=model,
                alias=alias,
                metric=metric,
                person=asker.user,
                **rules,
                **_salt(model, alias, {control.version, *versions}),
            )
            rest = 100 - sum(challenger.share for challenger in challengers)
            Arm.objects.create(test=test, version=control.version, share=rest, control=True)
            for version, challenger in zip(versions, challengers, strict=True):
                Arm.objects.create(test=test, version=version, share=challenger.share)
            shares = {arm.version.ref: arm.share for arm in test.arms.select_related("version__model")}
            details = {"shares": shares, "metric": metric}
            record(asker=asker, action="abtest.started", subject=str(test), details=details)
    except IntegrityError:
        message = f"A test of '{model.name}:{alias}' is running already; stop it before you start another."
        raise ApiError("conflict", message, 409) from None
    return test


def _versions(model: Model, control: ModelVersion, challengers: list[Challenger]) -> list[ModelVersion]:
    """The challengers' versions; ``ApiError`` where they cannot stand beside the control."""
    if not 1 <= len(challengers) <= MOST_CHALLENGERS:
        raise ApiError("invalid", f"A test has one to {MOST_CHALLENGERS} challengers.", 422)
    if any(challenger.share < 1 for challenger in challengers) or sum(c.share for c in challengers) > 99:
        message = "Each challenger needs at least 1 percent, and 1 percent has to be left for the control."
        raise ApiError("invalid", message, 422)
    if control.kind == Kind.REWARD:
        raise ApiError("invalid", f"'{control.ref}' scores answers; a test needs a model that writes.", 422)
    numbers = [challenger.number for challenger in challengers]
    if control.number in numbers or len(set(numbers)) < len(numbers):
        message = f"The challengers are versions other than {control.ref}, each named once."
        raise ApiError("invalid", message, 422)
    ready = model.versions.filter(status=VersionStatus.READY, kind=control.kind, number__in=numbers)
    found = {version.number: version for version in ready}
    if missing := [number for number in numbers if number not in found]:
        message = f"'{model.name}' has no ready version {missing[0]} of the kind {control.kind}."
        raise ApiError("not_found", message, 404)
    return [found[number] for number in numbers]


def _salt(model: Model, alias: str, versions: set[ModelVersion]) -> dict[str, Any]:
    """A test of the same versions with other shares goes on from the last: sessions stay where they can."""
    last = AbTest.objects.filter(model=model, alias=alias).first()
    same = last and {arm.version_id for arm in last.arms.all()} == {version.pk for version in versions}
    return {"salt": last.salt} if last and same else {}


def look(test: AbTest) -> Results:
    """What it has shown; a rule that holds ends it."""
    settle(test)
    found = results(test)
    if test.running and (end := _alias_moved(test) or ending(test, found, timezone.now())):
        nobody = Asker(user=None, workspace=test.workspace, role=Role.VIEWER)
        finish(test, end, asker=nobody)
    return found


def _alias_moved(test: AbTest) -> Ending | None:
    meant = Alias.objects.filter(model=test.model, name=test.alias).select_related("version__model").first()
    control = test.arms.select_related("version__model").get(control=True)
    if meant is not None and meant.version_id == control.version_id:
        return None
    now = meant.version.ref if meant else _("nothing")
    reason = _("“%(alias)s” was pointed from %(control)s to %(now)s while the test ran.")
    return Ending(Status.STOPPED, reason % {"alias": test.alias, "control": control, "now": now})


def finish(test: AbTest, end: Ending, *, asker: Asker) -> bool:
    """End it once; the alias counts again. False where somebody was faster."""
    fields = {"status": end.status, "reason": end.reason, "winner": end.winner, "ended_at": timezone.now()}
    with transaction.atomic():
        done = AbTest.objects.filter(pk=test.pk, status=Status.RUNNING).update(**fields)
        if done:
            details = {"reason": end.reason, "winner": str(end.winner or "")}
            record(asker=asker, action=f"abtest.{end.status}", subject=str(test), details=details)
    test.refresh_from_db()
    return bool(done)


def stop(*, asker: Asker, test: AbTest) -> None:
    """By hand: all traffic goes to what the alias means."""
    end = Ending(Status.STOPPED, _("%s stopped it.") % asker.user)
    if not test.running or not finish(test, end, asker=asker):
        raise ApiError("conflict", "This test has ended already.", 409)


def promote(*, asker: Asker, test: AbTest, number: int | None = None, reason: str = "") -> Alias:
    """Point the alias at the winner, or at another arm's version; ``reason`` is for a gate that is closed."""
    if test.running:
        raise ApiError("conflict", "The test is still running; stop it or wait for its result.", 409)
    arms = {arm.version.number: arm for arm in test.arms.select_related("version")}
    if number is None and test.winner:
        number = test.winner.version.number
    if number is None:
        raise ApiError("conflict", "The test has no winner; name the version to promote.", 409)
    if number not in arms:
        raise ApiError("invalid", f"Version {number} was not in this test.", 422)
    return registry.set_alias(model=test.model, name=test.alias, number=number, asker=asker, reason=reason)


def remove(*, asker: Asker, test: AbTest) -> None:
    if test.running:
        raise ApiError("conflict", "The test is still running; stop it first.", 409)
    details = {"reason": test.reason, "winner": str(test.winner or "")}
    with transaction.atomic():
        record(asker=asker, action="abtest.deleted", subject=str(test), details=details)
        test.delete()


def sweep() -> None:
    """Look at every running test."""
    for test in AbTest.objects.filter(status=Status.RUNNING).select_related("model", "workspace"):
        look(test)
