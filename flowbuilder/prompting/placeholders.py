"""The ``{{ names }}`` of a prompt: what the flow wires into it. A rewrite may neither lose nor invent one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nodes.text.prompt import NAME

_LOOSE = re.compile(
    r"(?<!\{)\{{1,2}\s*([A-Za-z]\w{0,59})\s*\}{1,2}(?!\})|<([A-Za-z]\w{0,59})>|\[([A-Za-z]\w{0,59})\]"
)
"""How models write a placeholder that they half remember: ``{context}``, ``<context>``, ``[context]``."""


def names(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(NAME.findall(template)))


@dataclass(frozen=True)
class Mended:
    """A rewrite with exactly the placeholders of the prompt that it is of."""

    text: str
    restored: tuple[str, ...] = ()
    """It had lost these; they stand where it nearly wrote them, else at its end."""
    removed: tuple[str, ...] = ()
    """It had invented these."""

    @property
    def changed(self) -> bool:
        return bool(self.restored or self.removed)


def mend(rewrite: str, template: str) -> Mended:
    wanted = names(template)
    text = rewrite.strip()
    invented = tuple(name for name in names(text) if name not in wanted)
    text = _without(text, invented)
    lost = [name for name in wanted if name not in names(text)]
    for name in lost:
        text = _put_back(text, name, template)
    return Mended(text, tuple(lost), invented)


def _without(text: str, invented: tuple[str, ...]) -> str:
    """A line that only labels one goes whole."""
    for name in invented:
        hole = rf"\{{\{{\s*{name}\s*\}}\}}"
        text = re.sub(rf"(?m)^[^\n{{}}]{{0,40}}[:：]?[ \t]*{hole}[ \t]*$\n?", "", text)
        text = re.sub(hole, "", text)
    return text.strip()


def _put_back(text: str, name: str, template: str) -> str:
    nearly = next((found for found in _LOOSE.finditer(text) if name in found.groups()), None)
    if nearly:
        return f"{text[: nearly.start()]}{{{{ {name} }}}}{text[nearly.end() :]}"
    return f"{text}\n\n{_labelled(name, template)}".strip()


def _labelled(name: str, template: str) -> str:
    """With the label that stood before it: ``Question: {{ question }}``."""
    hole = re.search(
        rf"(?P<label>(?:^|(?<=\n))[^\n{{}}.!?。]{{1,40}}[:：]\s*)?\{{\{{\s*{name}\s*\}}\}}", template
    )
    return f"{(hole and hole['label']) or ''}{{{{ {name} }}}}"
