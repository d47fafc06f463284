"""Small changes that leave a question the same question: what people mistype, leave out or order otherwise.

None needs a model, and the same seed draws the same changes. Each takes a text and gives another, or the same where it
finds nothing to change. ``numbers`` is the exception: it changes every text of an example alike.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

Kind = Literal["case", "punctuation", "typos", "list_order", "numbers", "width"]
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LETTERS_A_TYPO = 40
TRIES = 8
INLINE = re.compile(
    r"(?P<items>[\w'-]+(?: [\w'-]+){0,2}(?:, [\w'-]+(?: [\w'-]+){0,2})+),? (?P<last>and|or) (?P<end>[\w'-]+)"
)
ENUMERATED = re.compile(r"[^\s、，。！？和或及]+(?:、[^\s、，。！？和或及]+)+")
BULLETS = re.compile(r"(?:^[ \t]*[-*•] .*(?:\n|$)){2,}", re.MULTILINE)
IDENTIFIER = re.compile(r"(?<![\d:/.,])(?:(?<=[A-Za-z])|(?<=[A-Za-z][-_#]))\d{1,12}(?![\d:/%])")
NUMBER = re.compile(r"(?<![\w:/.,-])(?!(?:19|20)\d\d\b)\d{3,12}(?![\w:/.,%-])")
WIDE = {",": "，", ".": "。", "?": "？", "!": "！", ":": "：", ";": "；", "(": "（", ")": "）"}
NARROW = {wide: narrow for narrow, wide in WIDE.items()} | {"、": ","}
CJK = re.compile(r"[\u3400-\u9fff]")


def case(text: str, drawn: random.Random) -> str:
    """All small, all capital, or the first letter otherwise."""
    return drawn.choice([text.lower(), text.upper(), text[:1].swapcase() + text[1:]])


def punctuation(text: str, drawn: random.Random) -> str:
    """Without its last mark, with another, or without commas."""
    bare = text.rstrip(" .?!。？！…")
    last = "？" if CJK.search(text) else "?"
    return drawn.choice([bare, bare + "!", bare + last * 2, bare + " ...", re.sub("[,，]", "", text)])


def typos(text: str, drawn: random.Random) -> str:
    """About one in forty letters: a neighbour on the keyboard, doubled, left out, or swapped with the next."""
    places = [place for place, letter in enumerate(text) if letter.lower() in _NEIGHBOURS]
    letters = list(text)
    for place in drawn.sample(places, min(len(places), max(1, len(places) // LETTERS_A_TYPO))):
        letters[place] = _mistyped(letters, place, drawn)
    return "".join(letters)


def _mistyped(letters: list[str], place: int, drawn: random.Random) -> str:
    letter = letters[place]
    follows = letters[place + 1] if place + 1 < len(letters) else ""
    match drawn.randrange(4):
        case 0:
            return letter * 2
        case 1:
            return ""
        case 2 if follows.isalpha():
            letters[place + 1] = letter
            return follows
        case _:
            near = drawn.choice(_NEIGHBOURS[letter.lower()])
            return near.upper() if letter.isupper() else near


def _neighbours() -> dict[str, str]:
    """Keys whose centres are at most a key and a half apart; each row is shifted by half a key."""
    at = {
        key: (number + row / 2, row) for row, keys in enumerate(KEYBOARD) for number, key in enumerate(keys)
    }
    return {
        key: "".join(
            other
            for other, (ox, oy) in at.items()
            if other != key and (x - ox) ** 2 + (y - oy) ** 2 <= 1.5**2
        )
        for key, (x, y) in at.items()
    }


_NEIGHBOURS = _neighbours()


def list_order(text: str, drawn: random.Random) -> str:
    """The members of its enumerations in another order: bullets, ``a, b and c``, ``甲、乙``."""

    def shuffled(items: Sequence[str]) -> list[str]:
        return drawn.sample(list(items), len(items))

    def inline(found: re.Match[str]) -> str:
        *first, end = shuffled([*found["items"].split(", "), found["end"]])
        return f"{', '.join(first)} {found['last']} {end}"

    def bullets(found: re.Match[str]) -> str:
        lines = found[0].rstrip("\n").split("\n")
        return "\n".join(shuffled(lines)) + "\n" * found[0].endswith("\n")

    text = BULLETS.sub(bullets, text)
    text = INLINE.sub(inline, text)
    return ENUMERATED.sub(lambda found: "、".join(shuffled(found[0].split("、"))), text)


def width(text: str, drawn: random.Random) -> str:
    """Chinese marks for English ones, or the other way, as an input method left on gives them."""
    wide = sum(mark in NARROW for mark in text)
    table = NARROW if wide else WIDE
    return "".join(table.get(mark, mark) for mark in text)


ON_PROMPTS: dict[str, Callable[[str, random.Random], str]] = {
    "case": case,
    "punctuation": punctuation,
    "typos": typos,
    "list_order": list_order,
    "width": width,
}


def renumbered(example: dict[str, Any], drawn: random.Random) -> dict[str, Any]:
    """Ids and long numbers drawn anew, of the same length, each alike wherever the example has it.

    Years, times, dates, amounts and short numbers stay: another one may make the answer wrong.
    """
    whole = "\n".join(_texts(example))
    found = {match[0] for pattern in (IDENTIFIER, NUMBER) for match in pattern.finditer(whole)}
    others = {number: _drawn_like(number, drawn) for number in sorted(found)}
    if not others:
        return example
    any_of = re.compile(r"(?<!\d)(?:" + "|".join(sorted(others, key=len, reverse=True)) + r")(?!\d)")
    changed: dict[str, Any] = _mapped(example, lambda text: any_of.sub(lambda match: others[match[0]], text))
    return changed


def _drawn_like(number: str, drawn: random.Random) -> str:
    first = "0" if number[0] == "0" and len(number) > 1 else str(drawn.randint(1, 9))
    return first + "".join(str(drawn.randint(0, 9)) for _ in number[1:])


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _texts(part)]


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: part if name == "role" else _mapped(part, change) for name, part in value.items()}
    return [_mapped(part, change) for part in value] if isinstance(value, list) else value


def perturbed(
    example: dict[str, Any],
    prompt: str,
    asked_with: Callable[[str], dict[str, Any]],
    kinds: Sequence[str],
    drawn: random.Random,
) -> tuple[dict[str, Any], str] | None:
    """The example changed by one of the kinds, and which; None where none of them finds anything to change.

    ``asked_with`` gives the example with another prompt.
    """
    for _ in range(TRIES):
        kind = drawn.choice(list(kinds))
        if kind == "numbers":
            changed = renumbered(example, drawn)
        else:
            changed = asked_with(ON_PROMPTS[kind](prompt, drawn))
        if changed != example:
            return changed, kind
    return None
