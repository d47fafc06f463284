"""The ways in are opened, closed and furnished here; the audit log tells by whom."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.known import any_row
from flowbuilder.publishing.models import Doors, new_address
from flowbuilder.publishing.overrides import left_to_callers

ADDRESS = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,58})[a-z0-9]")
HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")
MOST_SITES, MOST_EXAMPLES, LONGEST_EXAMPLE = 50, 8, 300
PUBLIC = {"page", "embed"}


def change(*, asker: Asker, flow: Flow, **changes: Any) -> Doors:
    """Set what is given; ``ApiError`` 422 names what cannot be. An empty address draws an unguessable one."""
    if "address" in changes:
        changes["address"] = _address(changes["address"])
    if "sites" in changes:
        changes["sites"] = sites_of(changes["sites"])
    if "overrides" in changes:
        changes["overrides"] = left_to_callers(flow, changes["overrides"])
    if "examples" in changes:
        changes["examples"] = _examples(changes["examples"])
    try:
        with transaction.atomic():
            Flow.objects.select_for_update().get(pk=flow.pk)
            doors = Doors.of(flow)
            before = {name: getattr(doors, name) for name in changes}
            for name, value in changes.items():
                setattr(doors, name, value)
            doors.save()
            changed = {name: value for name, value in changes.items() if value != before[name]}
            if changed:
                record(asker=asker, action="doors.changed", subject=flow.name, details=changed)
    except IntegrityError as error:
        raise ApiError("conflict", f"The address '{changes.get('address')}' is taken.", 409) from error
    return doors


def closed_to_keys(flow: Flow) -> bool:
    return any_row(Doors, flow=flow.pk, api=False)


def _address(wanted: str) -> str:
    if not wanted:
        return new_address()
    if not ADDRESS.fullmatch(wanted):
        message = f"'{wanted}' cannot be an address: use 3 to 60 small letters, digits and '-' between them."
        raise ApiError("invalid", message, 422)
    return wanted


def sites_of(wanted: list[str]) -> list[str]:
    """As CSP and browsers write origins: without path, in small letters, each once."""
    if len(wanted) > MOST_SITES:
        raise ApiError("invalid", f"A flow may list {MOST_SITES} sites; these are {len(wanted)}.", 422)
    return list(dict.fromkeys(_site(site) for site in wanted))


def _site(wanted: str) -> str:
    problem = ApiError(
        "invalid", f"'{wanted}' is no site: write it like https://example.com or https://*.example.com.", 422
    )
    try:
        parts = urlsplit(wanted.strip().lower())
    except ValueError:
        raise problem from None
    rest = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in {"http", "https"} or rest or not HOST.fullmatch(parts.netloc):
        raise problem
    return f"{parts.scheme}://{parts.netloc}"


def allows(doors: Doors, site: str) -> bool:
    """Whether a page of that origin may show the widget."""
    return doors.any_site or any(_matches(site, listed) for listed in doors.sites)


def _matches(site: str, listed: str) -> bool:
    scheme, _, host = listed.partition("://")
    if not host.startswith("*."):
        return site == listed
    return site.startswith(f"{scheme}://") and site.endswith(host[1:])


def frame_ancestors(doors: Doors) -> list[str]:
    """The same in CSP's words."""
    if doors.any_site:
        return ["*"]
    return doors.sites or ["'none'"]


def _examples(wanted: list[str]) -> list[str]:
    examples = [example.strip() for example in wanted if example.strip()]
    if len(examples) > MOST_EXAMPLES or any(len(example) > LONGEST_EXAMPLE for example in examples):
        message = f"Up to {MOST_EXAMPLES} example questions, each of up to {LONGEST_EXAMPLE} characters."
        raise ApiError("invalid", message, 422)
    return examples
