"""Reads a record's fields out of a table: ``name | type | rules | English | Chinese | example``, one a line.

Types and rules are those of the README, in English. ``id`` is a string with the pattern of its identifier. Fields of an
object are called ``size.length_cm``, those of the objects in an array ``items[].quantity``; they follow theirs.
"""

import re
from dataclasses import replace

from examples.protocol.source.identifiers import pattern_of
from examples.protocol.source.shapes import Field, Rules, Text

TYPES = {
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "date-time",
    "time",
    "email",
    "uuid",
    "uri",
    "enum",
    "object",
}
NUMBER = r"-?\d+(?:\.\d+)?"


def fields_of(table: str) -> tuple[Field, ...]:
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines() if line.strip()]
    return _nested([_field(row) for row in rows])


def _field(row: list[str]) -> Field:
    if len(row) not in (5, 6):
        raise ValueError(f"{len(row)} cells instead of 5 or 6: {' | '.join(row)}")
    name, kind, clauses, english, chinese = row[:5]
    array = kind.startswith("array of ")
    kind = kind.removeprefix("array of ")
    rules = _rules(clauses)
    if kind == "id":
        kind, rules = "string", replace(rules, pattern=pattern_of(name.rsplit(".", 1)[-1]))
    if kind not in TYPES:
        raise ValueError(f"'{name}' has the type '{kind}'; known are {', '.join(sorted(TYPES))}")
    example = row[5] if len(row) == 6 else ""
    return Field(name, kind, array, rules, Text(f"{english}.", f"{chinese}。"), example)


def _nested(fields: list[Field]) -> tuple[Field, ...]:
    found: list[Field] = []
    for field in fields:
        above, _, own = field.name.rpartition(".")
        if not above:
            found.append(field)
            continue
        parent = found[-1]
        if above.removesuffix("[]") != parent.name:
            raise ValueError(f"'{field.name}' does not follow the object that it belongs to")
        found[-1] = replace(parent, fields=(*parent.fields, replace(field, name=own)))
    return tuple(found)


def _rules(clauses: str) -> Rules:
    rules = Rules()
    for clause in filter(None, (part.strip() for part in clauses.split(";"))):
        rules = replace(rules, **_clause(clause))
    return rules


def _clause(clause: str) -> dict[str, object]:
    for expression, read in CLAUSES:
        if found := re.fullmatch(expression, clause):
            return read(*found.groups())
    raise ValueError(f"no rule is written like '{clause}'")


CLAUSES = [
    (r"enum: (.+)", lambda listed: {"enum": tuple(choice.strip() for choice in listed.split(","))}),
    (r"always (.+)", lambda value: {"always": value}),
    (r"(\d+) to (\d+) characters", lambda low, high: {"shortest": int(low), "longest": int(high)}),
    (r"at most (\d+) characters", lambda high: {"longest": int(high)}),
    (r"(\d+) characters", lambda length: {"shortest": int(length), "longest": int(length)}),
    (r"(\d+) to (\d+) items", lambda low, high: {"fewest": int(low), "most": int(high)}),
    (r"at most (\d+) items", lambda high: {"most": int(high)}),
    (rf"({NUMBER}) to ({NUMBER})", lambda low, high: {"low": low, "high": high}),
    (rf"at least ({NUMBER})", lambda low: {"low": low}),
    (rf"at most ({NUMBER})", lambda high: {"high": high}),
    (rf"multiple of ({NUMBER})", lambda step: {"multiple": step}),
    (r"pattern (\S+)", lambda pattern: {"pattern": pattern}),
    (r"unique items", lambda: {"unique": True}),
    (r"nullable", lambda: {"nullable": True}),
    (r"optional", lambda: {"optional": True}),
    (r"in (.+)", lambda unit: {"unit": unit}),
]
