"""An example of each record: what the source says, and for the rest a value that follows the field's rules.

Dates and times grow from field to field, so that an end never lies before its start.
"""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from examples.protocol.source.identifiers import identifier
from examples.protocol.source.json_schema import typed
from examples.protocol.source.shapes import Field, Record

FIRST_DAY = date(2026, 3, 9)
FIRST_MOMENT = datetime(2026, 3, 9, 8, 15)


def example_of(record: Record) -> dict[str, Any]:
    return _object(record.fields, record.name)


def _object(fields: tuple[Field, ...], seed: str) -> dict[str, Any]:
    return {
        field.name: _example(field, f"{seed}.{field.name}", number) for number, field in enumerate(fields)
    }


def _example(field: Field, seed: str, number: int) -> Any:
    if not field.array:
        return _value(field, field.example, seed, number)
    if field.example:
        return [_value(field, example.strip(), seed, number) for example in field.example.split(",")]
    return [_value(field, "", f"{seed}.{item}", number + item) for item in range(field.rules.fewest or 1)]


def _value(field: Field, example: str, seed: str, number: int) -> Any:
    chance, rules = crc32(seed.encode()), field.rules
    if example or rules.always:
        return typed(field, example or rules.always)
    if field.type == "object":
        return _object(field.fields, seed)
    if field.type == "enum":
        return rules.enum[chance % len(rules.enum)]
    if field.type == "boolean":
        return bool(chance % 2)
    if field.type in ("integer", "number"):
        return typed(field, str(_number(field, chance)))
    if rules.pattern and rules.pattern.endswith("}$") and "-[0-9]" in rules.pattern:
        return identifier(field.name, chance)
    return _formatted(field, seed, number)


def _number(field: Field, chance: int) -> Decimal:
    """In the lower half of its range: large values are rare in life."""
    low = Decimal(field.rules.low or 0)
    high = Decimal(field.rules.high) if field.rules.high else low + 40
    step = Decimal(field.rules.multiple or ("1" if field.type == "integer" else "0.1"))
    return low + (high - low) * (chance % 50 + 1) / 100 // step * step


def _formatted(field: Field, seed: str, number: int) -> str:
    moments = {
        "date": (FIRST_DAY + timedelta(days=number)).isoformat(),
        "date-time": (FIRST_MOMENT + timedelta(minutes=47 * number)).isoformat() + "Z",
        "time": f"{8 + number:02d}:30:00Z",
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, seed)),
    }
    if field.type not in moments:
        raise ValueError(f"'{seed}' needs an example in its table")
    return moments[field.type]
