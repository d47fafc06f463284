"""When a test ends, and why: the guards first, then what decides, then time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from flowbuilder.abtests.models import AbTest, Arm, Status
from flowbuilder.abtests.results import Results, Versus

MORE = {"errors": "fails more often", "slow": "is slow more often", "long": "writes long answers more often"}


@dataclass(frozen=True)
class Ending:
    status: Status
    reason: str
    winner: Arm | None = None


def ending(test: AbTest, found: Results, now: datetime) -> Ending | None:
    """None while the test goes on."""
    return _harm(test, found) or _decided(test, found) or _time_is_up(test, found, now)


def _harm(test: AbTest, found: Results) -> Ending | None:
    for result in found.arms[1:]:
        if test.guard_unsafe and result.unsafe:
            return Ending(Status.STOPPED, _("An answer of %s was called unsafe.") % result.arm)
    for versus in found.versus:
        for name, difference in versus.guards.items():
            if difference.worse:
                told = {"arm": versus.arm, "control": found.arms[0].arm, "more": _(MORE[name])}
                told |= {"share": f"{-100 * (difference.value or 0):.1f}", "p": f"{difference.p_value:.2g}"}
                reason = _("%(arm)s %(more)s than %(control)s: %(share)s points more, p = %(p)s.") % told
                return Ending(Status.STOPPED, reason)
    return None


def _decided(test: AbTest, found: Results) -> Ending | None:
    if found.mismatched:
        return None
    enough = [versus for versus in found.versus if versus.deciding.least >= test.least]
    better = [versus for versus in enough if versus.deciding.better]
    if better:
        best = max(better, key=lambda versus: versus.deciding.value or 0)
        return Ending(Status.CONCLUDED, _said(best, _("is better"), found), best.arm)
    if len(enough) == len(found.versus) and all(versus.deciding.worse for versus in enough):
        worst = min(enough, key=lambda versus: versus.deciding.value or 0)
        return Ending(Status.CONCLUDED, _said(worst, _("is worse"), found), found.arms[0].arm)
    return None


def _said(versus: Versus, how: str, found: Results) -> str:
    told = {"arm": versus.arm, "control": found.arms[0].arm, "how": how}
    told |= {"share": f"{100 * (versus.deciding.value or 0):+.1f}", "p": f"{versus.deciding.p_value:.2g}"}
    return _("%(arm)s %(how)s than %(control)s: %(share)s points, p = %(p)s.") % told


def _time_is_up(test: AbTest, found: Results, now: datetime) -> Ending | None:
    if now - test.created_at < timedelta(days=test.days):
        return None
    if found.mismatched:
        reason = _("%s days have passed, and the sessions are not split as they should be: trust nothing.")
    else:
        reason = _("%s days have passed without a clear difference.")
    return Ending(Status.CONCLUDED, reason % test.days)
