"""Texts that match a pattern, of a wanted length.

Python's own parser says what a pattern consists of and how wide each part can be; the wanted length is
divided among the parts within those widths.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from random import Random
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 100_000
USUAL_REPEATS = 6
"""How often something unbounded is repeated where no length asks for more."""
MOST_PARTS = 20_000
"""Parts of one text, with all that are repeated: a pattern may ask for billions."""
PRINTABLE = string.ascii_letters + string.digits + " -_.,:;!?()/"
CLASSES = {
    code.CATEGORY_DIGIT: string.digits,
    code.CATEGORY_NOT_DIGIT: string.ascii_letters,
    code.CATEGORY_SPACE: " ",
    code.CATEGORY_NOT_SPACE: string.ascii_letters + string.digits,
    code.CATEGORY_WORD: string.ascii_letters + string.digits,
    code.CATEGORY_NOT_WORD: " -.,:;!?",
}
PROPERTIES = {
    "Lu": "A-Z", "Uppercase": "A-Z", "Ll": "a-z", "Lowercase": "a-z", "L": "A-Za-z", "Letter": "A-Za-z",
    "Alphabetic": "A-Za-z", "N": "0-9", "Nd": "0-9", "Number": "0-9", "Han": "一-龥", "Script=Han": "一-龥",
    "P": ".,;:!?", "Punctuation": ".,;:!?", "Z": " ", "Zs": " ", "S": "+=<>", "Sc": "$",
}  # fmt: skip


class NotAPattern(ValueError):
    """It cannot be read, or asks for what is not made here."""


def matching(pattern: str, rng: Random, least: int = 0, most: int | None = None) -> str:
    """A text in which the pattern is found, of a length from ``least`` to ``most`` where the pattern allows one."""
    try:
        tree = parser.parse(_in_pythons_words(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise NotAPattern(f"{pattern!r} cannot be read: {error}") from error
    narrow, wide = _width(tree)
    if narrow >= LONGEST:
        raise NotAPattern(f"{pattern!r} asks for more than {LONGEST} characters")
    low, high = max(least, narrow), min(LONGEST if most is None else most, wide)
    usual = max(low, min(high, narrow + USUAL_REPEATS))
    wanted = rng.randint(low, usual) if usual >= low else low
    made = _Maker(rng).sequence(list(tree), wanted)
    return _stretched(made, pattern, rng, least) if len(made) < least else made


def _in_pythons_words(pattern: str) -> str:
    """ECMA 262's names of groups and Unicode properties, as Python writes them."""
    pattern = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern)
    pattern = re.sub(r"\\k<(\w+)>", r"(?P=\1)", pattern)
    pattern = re.sub(r"\\u\{([0-9A-Fa-f]{1,6})\}", lambda found: f"\\U{int(found[1], 16):08x}", pattern)
    pattern = re.sub(r"\\c([A-Za-z])", lambda found: f"\\x{ord(found[1]) % 32:02x}", pattern)

    def of_property(found: re.Match[str]) -> str:
        if found[2] not in PROPERTIES:
            raise NotAPattern(f"{found[0]} is a class of characters that is not known here")
        inside = PROPERTIES[found[2]]
        return inside if _in_a_set(pattern, found.start()) else f"[{'^' * (found[1] == 'P')}{inside}]"

    return re.sub(r"\\([pP])\{([\w=]+)\}", of_property, pattern)


def _in_a_set(pattern: str, position: int) -> bool:
    before = re.sub(r"\\.", "", pattern[:position])
    return before.rfind("[") > before.rfind("]")


def _stretched(text: str, pattern: str, rng: Random, least: int) -> str:
    """A pattern that is not anchored leaves room around it."""
    more = "".join(rng.choice(string.ascii_lowercase) for _ in range(least - len(text)))
    return text + more if not pattern.endswith("$") else more + text


def _width(items: Any) -> tuple[int, int]:
    narrow, wide = items.getwidth()
    return min(narrow, LONGEST), min(wide, LONGEST)


def _width_of(item: tuple[Any, Any]) -> tuple[int, int]:
    single = parser.SubPattern(parser.State(), [item])
    return _width(single)


class _Maker:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.groups: dict[int, str] = {}
        self.parts = 0

    def sequence(self, items: Sequence[tuple[Any, Any]], wanted: int) -> str:
        """The parts one after the other; what the narrowest lengths leave over goes to parts that can take it."""
        widths = [self._width(item) for item in items]
        lengths = [narrow for narrow, _ in widths]
        spare = wanted - sum(lengths)
        order = [number for number, (narrow, wide) in enumerate(widths) if wide > narrow]
        self.rng.shuffle(order)
        for position, number in enumerate(order):
            room = min(widths[number][1] - lengths[number], spare)
            if room <= 0:
                continue
            taken = room if position == len(order) - 1 else self.rng.randint(0, room)
            lengths[number] += taken
            spare -= taken
        for number in order:  # what chance left over, to whoever has room
            room = min(widths[number][1] - lengths[number], spare)
            if room > 0:
                lengths[number] += room
                spare -= room
        return "".join(self.part(item, length) for item, length in zip(items, lengths, strict=True))

    def _width(self, item: tuple[Any, Any]) -> tuple[int, int]:
        if item[0] is code.GROUPREF:
            length = len(self.groups.get(item[1], ""))
            return length, length
        return _width_of(item)

    def part(self, item: tuple[Any, Any], wanted: int) -> str:
        self._count(1)
        kind, value = item
        if kind is code.LITERAL:
            return chr(value)
        if kind is code.NOT_LITERAL:
            return self._other_than({chr(value)})
        if kind is code.ANY:
            return self.rng.choice(PRINTABLE)
        if kind is code.IN:
            return self._one_of(value)
        if kind is code.BRANCH:
            return self._branch(value[1], wanted)
        if kind is code.SUBPATTERN:
            group, _, _, inside = value
            made = self.sequence(list(inside), wanted)
            if group is not None:
                self.groups[group] = made
            return made
        if kind in {code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT}:
            least, most, inside = value
            return self._repeated(least, most, inside, wanted)
        if kind is code.ATOMIC_GROUP:
            return self.sequence(list(value), wanted)
        if kind is code.GROUPREF:
            return self.groups.get(value, "")
        return ""  # anchors and looks around: the check of the whole text holds them

    def _count(self, parts: int) -> None:
        self.parts += parts
        if self.parts > MOST_PARTS:
            raise NotAPattern(f"a text for it has more than {MOST_PARTS} parts")

    def _branch(self, branches: Sequence[Any], wanted: int) -> str:
        fitting = [each for each in branches if _width(each)[0] <= wanted <= _width(each)[1]]
        return self.sequence(list(self.rng.choice(fitting or list(branches))), wanted)

    def _repeated(self, least: int, most: Any, inside: Any, wanted: int) -> str:
        narrow, wide = _width(inside)
        most = min(int(most), LONGEST)
        if wide == 0:
            self._count(least)
            return self.sequence(list(inside), 0) * least
        fewest = max(least, -(-wanted // wide))
        greatest = min(most, wanted // narrow if narrow else max(fewest, least + USUAL_REPEATS))
        times = self.rng.randint(fewest, max(fewest, greatest))
        if times == 0:
            return ""
        self._count(times)
        lengths = [narrow] * times
        spare = wanted - narrow * times
        for number in self.rng.sample(range(times), times):
            taken = max(0, min(wide - narrow, spare))
            lengths[number] += taken
            spare -= taken
        return "".join(self.sequence(list(inside), length) for length in lengths)

    def _one_of(self, listed: Iterable[tuple[Any, Any]]) -> str:
        chosen, negated = [], False
        for kind, value in listed:
            if kind is code.NEGATE:
                negated = True
            elif kind is code.LITERAL:
                chosen.append((value, value))
            elif kind is code.RANGE:
                chosen.append(value)
            elif kind is code.CATEGORY:
                chosen += [(ord(letter), ord(letter)) for letter in CLASSES[value]]
        if negated:
            return self._other_than(chosen)
        low, high = self.rng.choices(chosen, [end - start + 1 for start, end in chosen])[0]
        return chr(self.rng.randint(low, high))

    def _other_than(self, banned: Any) -> str:
        if isinstance(banned, set):
            banned = [(ord(letter), ord(letter)) for letter in banned]
        allowed = [letter for letter in PRINTABLE if not any(a <= ord(letter) <= b for a, b in banned)]
        if not allowed:
            allowed = [chr(n) for n in range(0x4E00, 0x4F00) if not any(a <= n <= b for a, b in banned)]
        if not allowed:
            raise NotAPattern("no character is left that the pattern allows")
        return self.rng.choice(allowed)
