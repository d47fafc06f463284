"""What a session runs in, in words. Browsers tell old versions of their systems to everybody, so none is told here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from ua_parser import parse

SYSTEMS = {"Mac OS X": "macOS"}
LONGEST = 80


@dataclass(frozen=True)
class Browser:
    name: str
    device: str = ""
    """``iPhone``, ``Pixel 8``; empty where it says none, or only that it is a computer."""
    handy: bool = False


def browser_of(user_agent: str) -> Browser:
    told = parse(user_agent)
    if told.user_agent is None:
        return Browser(user_agent[:LONGEST] or _("A browser that does not say which"))
    name = told.user_agent.family.replace("Mobile", "").replace("Headless", "").strip()
    name = f"{name} {told.user_agent.major}" if told.user_agent.major else name
    if told.os is not None:
        system = SYSTEMS.get(told.os.family, told.os.family)
        name = _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    handy = told.os is not None and told.os.family in {"iOS", "Android"}
    device = told.device.family if handy and told.device is not None else ""
    # Android's browsers tell one letter in place of the device, since 2023.
    return Browser(name, device if len(device) > 1 else "", handy)
