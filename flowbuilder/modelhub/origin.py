"""What a model's own folder says of it: its architecture, its tokenizer, its licence, its README."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

LONGEST = 200_000
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
LICENCE = re.compile(r"^license:\s*['\"]?([\w.+-]+)", re.MULTILINE)
CONTEXT = ("max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length")
"""What architectures call the longest text that they were made for."""


def context_length(folder: Path) -> int | None:
    """Tokens that the model reads at once, where its configuration says so."""
    config = _json(folder / "config.json")
    return next((config[name] for name in CONTEXT if isinstance(config.get(name), int)), None)


def architecture(folder: Path) -> dict[str, str]:
    """Facts by name, of those that the configuration states."""
    config, tokenizer = _json(folder / "config.json"), _json(folder / "tokenizer_config.json")
    context = context_length(folder)
    stated = {
        "Architecture": next(iter(config.get("architectures") or []), None),
        "Context length": f"{context:,} tokens" if context else None,
        "Vocabulary": f"{config['vocab_size']:,} tokens" if config.get("vocab_size") else None,
        "Tokenizer": tokenizer.get("tokenizer_class"),
        "Number type": config.get("dtype") or config.get("torch_dtype"),
    }
    return {name: str(value) for name, value in stated.items() if value}


def readme(folder: Path) -> str:
    """Without its front matter; empty where there is none."""
    return FRONT_MATTER.sub("", _text(folder / "README.md")).strip()


def licence(folder: Path) -> str:
    """As the README's front matter names it, or the first line of a licence's text."""
    front = FRONT_MATTER.match(_text(folder / "README.md"))
    if front and (named := LICENCE.search(front[1])):
        return named[1]
    for path in sorted(folder.glob("LICENSE*")):
        first = next((line.strip() for line in _text(path).splitlines() if line.strip()), "")
        return first[:120]
    return ""


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}  # a fact that is not stated
    return found if isinstance(found, dict) else {}


def _text(path: Path) -> str:
    try:
        with path.open(errors="replace") as file:
            return file.read(LONGEST)
    except OSError:
        return ""
