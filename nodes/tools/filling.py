"""Templates with ``{{ names }}``: values go in as what the place is for, and never as a part of its form."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from nodes.base import NodeError
from nodes.text.prompt import NAME
from nodes.tools.plain import plain, shown

TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"|' + NAME.pattern, re.ASCII)
DOTS = {".", ".."}


def names_in(*templates: str) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(name for template in templates for name in NAME.findall(template)))


def text(template: str, values: Mapping[str, Any]) -> str:
    return NAME.sub(lambda found: shown(plain(values[found[1]])), template)


def one_line(template: str, values: Mapping[str, Any], setting: str) -> str:
    """For a header: a line break would begin another one."""
    filled = text(template, values)
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in filled):
        raise NodeError(
            f"Setting '{setting}': the value has a line break or another sign that a header cannot have."
        )
    return filled


def url(template: str, values: Mapping[str, Any]) -> str:
    """A value is one step of the path, or one value of the query; only one that begins the address is taken as it is."""

    def filled(found: re.Match[str]) -> str:
        said = shown(plain(values[found[1]]))
        if found.start() == 0:
            return said
        if said.strip() in DOTS:
            raise NodeError(f"'{found[1]}' is '{said}', which would lead elsewhere.")
        return quote(said, safe="")

    return NAME.sub(filled, template.strip())


def json_body(template: str, values: Mapping[str, Any]) -> bytes:
    """``{"q": {{ question }}}`` or ``{"q": "about {{ topic }}"}``: a value cannot break out of its place."""

    def filled(found: re.Match[str]) -> str:
        token = found[0]
        if not token.startswith('"'):
            return json.dumps(plain(values[found[1]]), ensure_ascii=False)
        whole = NAME.fullmatch(token[1:-1].strip())
        if whole:
            return json.dumps(plain(values[whole[1]]), ensure_ascii=False)
        return NAME.sub(
            lambda name: json.dumps(shown(plain(values[name[1]])), ensure_ascii=False)[1:-1], token
        )

    body = TOKENS.sub(filled, template)
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NodeError(
            f"Setting 'body' is no JSON: {error}. Inputs stand in it as {{{{ name }}}}."
        ) from error
    return body.encode()
