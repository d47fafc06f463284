"""Texts: by pattern, by format, by what the field is called, within their lengths."""

from __future__ import annotations

import base64
import ipaddress
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from nodes.mock import realistic
from nodes.mock.patterns import NotAPattern, matching

START = datetime(2026, 1, 1, tzinfo=UTC)
"""Times are drawn from the year after it, so that the same seed gives the same record at any time."""
LATER = frozenset(
    "updated delivered finished completed ended closed end to until expires arrival eta due 更新 送达 完成 结束".split()
)
EARLIER = frozenset("created registered start from birth ordered opened 创建 登记 开始 下单".split())
CODE_LIKE = re.compile(r"(?=.*\d)[A-Z0-9][A-Za-z0-9_\-/.]{2,}")
FILLER = {
    realistic.ENGLISH: "parcel route van depot label scan gate order stop driver north dock belt crate seal".split(),
    realistic.CHINESE: "包裹 路线 货车 仓库 面单 扫描 站点 订单 网点 司机 分拣 封条 货箱 码头 传送".split(),
}


@dataclass(frozen=True)
class Wanted:
    """What is asked of a text."""

    names: tuple[str, ...] = ()
    """The field's name, then those of what it stands in."""
    about: str = ""
    patterns: Sequence[str] = ()
    formats: Sequence[str] = ()
    least: int = 0
    most: int | None = None
    examples: Sequence[str] = ()
    language: str = realistic.ENGLISH


def candidates(wanted: Wanted, rng: Random) -> Iterator[str]:
    """Texts that may fit, the likeliest to please first; the caller checks each."""
    if wanted.examples and rng.random() < 0.7:
        yield _varied(rng.choice(wanted.examples), rng)
    if wanted.formats:
        yield from _formatted(wanted, rng)
    if wanted.patterns:
        yield from _patterned(wanted, rng)
        return
    if not wanted.formats:
        yield from (fitted(text, wanted, rng) for text in _lifelike(wanted, rng))


def _varied(example: str, rng: Random) -> str:
    """Another code of the example's kind; any other example as it stands."""
    if not CODE_LIKE.fullmatch(example):
        return example
    return re.sub(r"\d", lambda _: rng.choice("0123456789"), example)


def _lifelike(wanted: Wanted, rng: Random) -> Iterator[str]:
    name = wanted.names[0] if wanted.names else ""
    if found := realistic.text_for(wanted.names, wanted.about, wanted.language, rng):
        yield found
    if realistic.is_code(name):
        yield realistic.code_for(name, rng)
    yield _words(wanted, rng)


def _words(wanted: Wanted, rng: Random) -> str:
    words = rng.sample(FILLER[wanted.language], rng.randint(1, 3))
    return ("" if wanted.language == realistic.CHINESE else " ").join(words)


def fitted(text: str, wanted: Wanted, rng: Random) -> str:
    """The text cut or lengthened to the wanted length."""
    joint = "" if wanted.language == realistic.CHINESE else " "
    while len(text) < wanted.least:
        text = text + joint + _words(wanted, rng) if wanted.least - len(text) > 3 else text + "x"
    if wanted.most is None or len(text) <= wanted.most:
        return text
    cut = text[: wanted.most]
    whole = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return whole if len(whole) >= max(wanted.least, 1) else cut


def _patterned(wanted: Wanted, rng: Random) -> Iterator[str]:
    if lively := realistic.text_for(wanted.names, wanted.about, wanted.language, rng):
        yield lively
    for pattern in sorted(wanted.patterns, key=len, reverse=True) * 30:
        try:
            yield matching(pattern, rng, wanted.least, wanted.most)
        except NotAPattern:
            return


def _formatted(wanted: Wanted, rng: Random) -> Iterator[str]:
    """Texts of the format, at the lengths asked for where it can have them."""
    for name in wanted.formats:
        make = MAKERS.get(name)
        if make is None:
            yield from (fitted(text, wanted, rng) for text in _lifelike(wanted, rng))
            continue
        for _ in range(5):
            yield make(wanted, rng)
        yield from _lengthened(name, wanted, rng)


def _lengthened(name: str, wanted: Wanted, rng: Random) -> Iterator[str]:
    """For narrow lengths: a short text of the format, filled up where the format has room."""
    short, room = SHORTEST.get(name, ("", ""))
    if short and len(short) <= wanted.least:
        yield short.replace("{}", room * (wanted.least - len(short) + 2), 1)
    if short:
        yield short.replace("{}", "")


SHORTEST = {
    "email": ("a{}@ex.org", "b"), "idn-email": ("a{}@ex.org", "b"), "hostname": ("a{}", "b"), "idn-hostname": ("a{}", "b"),
    "uri": ("a:{}", "b"), "iri": ("a:{}", "b"), "uri-reference": ("/{}", "b"), "iri-reference": ("/{}", "b"),
    "json-pointer": ("/{}", "b"), "regex": ("a{}", "b"), "uri-template": ("/{}", "b"), "password": ("{}", "x"),
    "binary": ("{}", "x"), "date-time": ("2026-03-01T08:00:00.{}0Z", "1"), "duration": ("P{}1D", "1"),
    "time": ("08:00:00.{}0Z", "1"), "relative-json-pointer": ("0/{}", "b"),
}  # fmt: skip


def _moment(wanted: Wanted, rng: Random) -> datetime:
    words = realistic.words_of(wanted.names[0]) if wanted.names else frozenset()
    first, last = (180, 364) if words & LATER else (0, 179) if words & EARLIER else (0, 364)
    return START + timedelta(days=rng.randint(first, last), seconds=rng.randrange(86_400))


def _base64(wanted: Wanted, rng: Random) -> str:
    least = -(-wanted.least // 4) * 3
    most = (wanted.most // 4) * 3 if wanted.most is not None else least + 24
    return base64.b64encode(rng.randbytes(rng.randint(least, max(least, min(most, least + 24))))).decode()


def _word(rng: Random) -> str:
    return rng.choice(FILLER[realistic.ENGLISH])


def _wide_word(wanted: Wanted, rng: Random) -> str:
    return rng.choice(FILLER[wanted.language])


def _host(wanted: Wanted, rng: Random) -> str:
    return f"{_word(rng)}-{rng.randint(1, 99)}.example.{rng.choice(('com', 'org', 'net'))}"


def _email(wanted: Wanted, rng: Random) -> str:
    return f"{_word(rng)}.{_word(rng)}{rng.randint(1, 99)}@example.{rng.choice(('com', 'org', 'net'))}"


def _duration(wanted: Wanted, rng: Random) -> str:
    return rng.choice(
        (
            f"P{rng.randint(1, 14)}D",
            f"PT{rng.randint(1, 48)}H",
            f"P1DT{rng.randint(1, 12)}H{rng.randint(1, 59)}M",
        )
    )


MAKERS: dict[str, Callable[[Wanted, Random], str]] = {
    "date": lambda wanted, rng: _moment(wanted, rng).date().isoformat(),
    "date-time": lambda wanted, rng: _moment(wanted, rng).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "time": lambda wanted, rng: _moment(wanted, rng).strftime("%H:%M:%SZ"),
    "duration": _duration,
    "email": _email,
    "idn-email": lambda wanted, rng: f"{_wide_word(wanted, rng)}{rng.randint(1, 99)}@example.com",
    "hostname": _host,
    "idn-hostname": lambda wanted, rng: f"{_wide_word(wanted, rng)}.example.com",
    "ipv4": lambda wanted, rng: f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}",
    "ipv6": lambda wanted, rng: str(ipaddress.IPv6Address((0x20010DB8 << 96) + rng.getrandbits(64))),
    "uri": lambda wanted, rng: f"https://{_host(wanted, rng)}/{_word(rng)}s/{rng.randint(1, 9999)}",
    "uri-reference": lambda wanted, rng: f"/{_word(rng)}s/{rng.randint(1, 9999)}",
    "iri": lambda wanted, rng: f"https://example.com/{_wide_word(wanted, rng)}/{rng.randint(1, 9999)}",
    "iri-reference": lambda wanted, rng: f"/{_wide_word(wanted, rng)}/{rng.randint(1, 9999)}",
    "uri-template": lambda wanted, rng: f"/{_word(rng)}s/{{{_word(rng)}_id}}",
    "uuid": lambda wanted, rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "json-pointer": lambda wanted, rng: f"/{_word(rng)}/{rng.randint(0, 9)}",
    "relative-json-pointer": lambda wanted, rng: f"{rng.randint(0, 3)}/{_word(rng)}",
    "regex": lambda wanted, rng: f"^{_word(rng)}-[0-9]{{{rng.randint(1, 8)}}}$",
    "byte": _base64,
    "base64": _base64,
    "password": lambda wanted, rng: fitted(rng.randbytes(6).hex(), wanted, rng),
}


def coerced(value: Any, wanted: Wanted) -> Iterator[str]:
    """Texts that keep what they can of what was said instead."""
    if value is None or isinstance(value, dict | list):
        return
    text = str(value).lower() if isinstance(value, bool) else str(value)
    yield text
    yield text.strip()
    for change in (str.upper, str.lower):
        yield change(text.strip())
    if moment := _as_moment(text):
        yield moment.date().isoformat()
        yield moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield moment.strftime("%H:%M:%SZ")
    if wanted.patterns or wanted.formats:
        yield re.sub(r"\s+", "", text)
        return
    yield fitted(text.strip(), wanted, Random(0))  # noqa: S311


def _as_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return None
