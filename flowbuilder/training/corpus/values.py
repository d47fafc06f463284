"""Values of fields: how the corpus makes them, and how a held-out answer is checked."""

import datetime as dt
import random
import re
from collections.abc import Callable
from typing import Any

from .names import Split, invented_word

TYPES = ("string", "integer", "number", "boolean", "date", "date-time", "enum")

FIRST = "Ada Amir Anna Ben Carla Chen Dario Dina Elif Emma Farid Finn Grace Hana Hugo Ines Ivan Jana Jonas Kofi Lea Leo Lina Luca Mara Mei Milo Nadia Noah Nora Omar Otto Paula Petra Rafa Rosa Sami Sara Sven Tara Theo Tomas Uma Vera Yara Yusuf Zoe".split()
LAST = "Abel Adler Bauer Becker Blanc Bose Brandt Costa Cruz Diaz Dubois Evans Fischer Garcia Haas Hansen Horak Ito Jansen Keller Khan Klein Kovac Lang Lopez Maier Meyer Moreau Nagy Novak Okafor Olsen Patel Petrov Reyes Rossi Sato Schmidt Silva Singh Sousa Tanaka Torres Vogel Wagner Weber Wolf Yilmaz Zhang".split()
CITIES = "Aachen Berlin Bern Bonn Bremen Brno Cork Dresden Essen Gent Graz Hamburg Kassel Kiel Koeln Leeds Leipzig Lille Linz Lisbon Lyon Madrid Mainz Malmo Milan Munich Nantes Oslo Paris Porto Prague Riga Rome Tallinn Turin Utrecht Vienna Warsaw York Zurich".split()
STREETS = "Bahnhofstrasse Hauptstrasse Lindenweg Parkallee Ringstrasse Schulweg Mill High Station Church Garden Harbour Market North South West East Victoria Bridge Canal".split()
COMPANIES = "Nordpost Swiftline Parcelo Hubwerk Citycargo Bluevan Rapidex Cargonaut Mailfox Gopak Velox Trackon".split()
COUNTRIES = "DE AT CH FR IT ES NL BE PL CZ DK SE PT GB US CN JP TR".split()
NOTES = (
    "Leave at the door", "Ring twice", "Handle with care", "Call on arrival", "Left with neighbour",
    "Box was damaged", "Gate is locked", "Wrong address", "Customer absent", "Signed at reception",
    "Delayed by traffic", "Keep upright", "Back entrance", "Second attempt",
)  # fmt: skip


def code(rng: random.Random) -> str:
    """An identifier such as ``PX-1042``, ``C-77`` or ``RT48213``."""
    letters = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(rng.choice((1, 2, 2, 3))))
    return f"{letters}{rng.choice(('-', '-', '-', ''))}{_digits(rng)}"


def _digits(rng: random.Random) -> str:
    return "".join(rng.choice("0123456789") for _ in range(rng.choice((2, 3, 3, 4, 4, 5))))


_FLAVOURS: dict[str, Callable[[random.Random], str]] = {
    "person": lambda rng: f"{rng.choice(FIRST)} {rng.choice(LAST)}",
    "city": lambda rng: rng.choice(CITIES),
    "street": lambda rng: f"{rng.choice(STREETS)} {rng.randint(1, 180)}",
    "company": lambda rng: rng.choice(COMPANIES),
    "country": lambda rng: rng.choice(COUNTRIES),
    "note": lambda rng: rng.choice(NOTES),
    "phone": lambda rng: f"+49 {rng.randint(30, 999)} {rng.randint(100, 99999)}",
    "email": lambda rng: f"{rng.choice(FIRST).lower()}.{rng.choice(LAST).lower()}@example.com",
    "zip": lambda rng: f"{rng.randint(10000, 99999)}",
    "clock": lambda rng: f"{rng.randint(0, 23):02d}:{rng.choice((0, 15, 30, 45)):02d}",
}


def _text(rng: random.Random, flavour: str, split: Split) -> str:
    """A string of one flavour; a flavour in capitals (``PX``) is the prefix of an identifier."""
    if flavour in _FLAVOURS:
        return _FLAVOURS[flavour](rng)
    if flavour.isupper():
        return f"{flavour}-{_digits(rng)}"
    return rng.choice((code, lambda again: invented_word(again, split)))(rng)


def flavour_of(name: str) -> str:
    """What a string field's name suggests its value looks like (``""``: nothing)."""
    words = re.split(r"[_\-\s]+|(?<=[a-z])(?=[A-Z])", name.lower() if name.islower() else name)
    last = words[-1].lower()
    if last in ("id", "code", "ref", "key", "no"):
        return (words[0] or "x")[:2].upper()
    return {
        "name": "person", "city": "city", "street": "street", "company": "company", "carrier": "company",
        "country": "country", "note": "note", "comment": "note", "reason": "note", "phone": "phone",
        "email": "email", "zip": "zip", "postcode": "zip", "driver": "person", "recipient": "person",
        "sender": "person", "opens": "clock", "closes": "clock",
    }.get(last, "")  # fmt: skip


def make_value(
    rng: random.Random, name: str, kind: str, choices: tuple[str, ...] = (), split: Split = "train"
) -> Any:
    """A plausible JSON value for a field. Dates are ISO 8601, date-times end in ``Z``."""
    day = dt.date(2025, 1, 1) + dt.timedelta(days=rng.randint(0, 729))
    match kind:
        case "integer":
            return rng.randint(0, rng.choice((9, 99, 999)))
        case "number":
            return round(rng.uniform(0.1, rng.choice((10, 100, 500))), rng.choice((1, 2))) + 0.0
        case "boolean":
            return rng.random() < 0.5
        case "date":
            return day.isoformat()
        case "date-time":
            return f"{day.isoformat()}T{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:00Z"
        case "enum":
            return rng.choice(choices)
        case "string":
            return _text(rng, flavour_of(name), split)
    raise ValueError(f"unknown field type {kind!r}; the corpus knows {', '.join(TYPES)}")


def value_fits(value: Any, kind: str, choices: tuple[str, ...] = ()) -> bool:
    """Whether a parsed JSON value is of the type that the prompt asked for."""
    match kind:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "enum":
            return value in choices
        case "string":
            return isinstance(value, str) and bool(value.strip())
        case "date":
            return isinstance(value, str) and _parses(value, "%Y-%m-%d")
        case "date-time":
            return isinstance(value, str) and _parses(value, "%Y-%m-%dT%H:%M:%SZ")
    raise ValueError(f"unknown field type {kind!r}; the corpus knows {', '.join(TYPES)}")


def _parses(text: str, pattern: str) -> bool:
    try:
        dt.datetime.strptime(text, pattern)
    except ValueError:
        return False
    return True
