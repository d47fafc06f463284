"""Personal data in a text: found by its form, and where the number has a check digit, by that too.

Cards: Luhn (ISO/IEC 7812-1, annex B). Bank accounts: mod 97 (ISO 13616). Chinese identity numbers: GB 11643-1999, whose
last character is by ISO 7064, MOD 11-2. US social security numbers: the areas that are never given (SSA). Names and addresses have no form and
are not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

Check = Callable[[str], bool]
LONGEST_LABEL = 64
"""Of a domain's part, and of what stands before the @ (RFC 5321, 4.5.3.1)."""


@dataclass(frozen=True)
class Finding:
    kind: str
    start: int
    end: int
    text: str


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others."""
    numbers = [int(digit) for digit in re.sub(r"\D", "", digits)]
    doubled = [
        sum(divmod(2 * number, 10)) if at % 2 else number for at, number in enumerate(reversed(numbers))
    ]
    return len(numbers) >= SHORTEST_CARD and len(set(numbers)) > 1 and sum(doubled) % 10 == 0


def mod97(written: str) -> bool:
    """An IBAN: its first four characters moved behind, letters as numbers, the rest of division by 97 is 1."""
    plain = re.sub(r"\s", "", written).upper()
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def chinese_id(written: str) -> bool:
    """Weights 2^17, 2^16, ... mod 11; and the day of birth is one."""
    weights = [pow(2, place, 11) for place in range(17, 0, -1)]
    rest = sum(weight * int(digit) for weight, digit in zip(weights, written[:17], strict=True)) % 11
    return "10X98765432"[rest] == written[17].upper() and _is_day(written[6:14])


def social_security(written: str) -> bool:
    area, group, serial = re.split(r"[- ]", written)
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def _is_day(written: str) -> bool:
    try:
        return date(int(written[:4]), int(written[4:6]), int(written[6:])) <= date.today()
    except ValueError:
        return False


def _phone(written: str) -> bool:
    """E.164: at most fifteen digits."""
    return SHORTEST_PHONE <= len(re.sub(r"\D", "", written)) <= LONGEST_PHONE


def _address(written: str) -> bool:
    name, _, domain = written.rpartition("@")
    return (
        len(name) <= LONGEST_LABEL
        and ".." not in written
        and all(0 < len(part) <= LONGEST_LABEL for part in domain.split("."))
    )


SHORTEST_CARD = 13
SHORTEST_PHONE, LONGEST_PHONE = 8, 15
FORMS: dict[str, tuple[str, Check]] = {
    "e-mail": (r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![A-Za-z0-9_-])", _address),
    "bank account": (r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])", mod97),
    "Chinese ID": (r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?![\dA-Za-z])", chinese_id),
    "card": (r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d])", luhn),
    "social security": (r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])", social_security),
    "phone": (
        r"(?<![A-Za-z0-9_+.-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,4}"
        r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\(\d{3}\) ?\d{3}[ -]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?![A-Za-z0-9_-])",
        _phone,
    ),
}  # fmt: skip
"""In the order in which they are tried: what one has found the next does not look at."""
PATTERNS = {kind: (re.compile(pattern), check) for kind, (pattern, check) in FORMS.items()}


def findings(text: str, kinds: Collection[str]) -> list[Finding]:
    """Where personal data of these kinds stand, in order."""
    found: list[Finding] = []
    for kind, (pattern, check) in PATTERNS.items():
        if kind not in kinds:
            continue
        for match in pattern.finditer(text):
            taken = any(match.start() < other.end and other.start < match.end() for other in found)
            if not taken and check(match[0]):
                found.append(Finding(kind, match.start(), match.end(), match[0]))
    return sorted(found, key=lambda finding: finding.start)


def masked(text: str, found: list[Finding]) -> str:
    """Each in square brackets by what it is."""
    for finding in reversed(found):
        text = f"{text[: finding.start]}[{finding.kind}]{text[finding.end :]}"
    return text
