"""Which embedders a base may have: the one that is shipped, and sentence-transformers folders that are safe to load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from flowbuilder.knowledge.model_folders import Unusable, folder_of, must_be_safe, read_json

SHIPPED = ""
SHIPPED_NAME = "all-MiniLM-L6-v2"
MODULES = frozenset({"Transformer", "Pooling", "Dense", "Normalize"})
"""What a pipeline may be made of: each of them keeps its weights in safetensors and needs no code of its own."""
MOST_DIMENSIONS = 4_000
"""pgvector's bound of what a graph of half vectors can hold."""


@dataclass(frozen=True)
class Embedder:
    name: str
    folder: Path
    megabytes: int


def find(name: str) -> Embedder:
    """``Unusable`` says why it cannot embed."""
    folder = folder_of(name)
    must_be_safe(folder)
    for module in read_json(folder / "modules.json"):
        kind = str(module.get("type", ""))
        if not kind.startswith("sentence_transformers.") or kind.rsplit(".", 1)[-1] not in MODULES:
            raise Unusable(
                f"its part '{kind}' is none of those that are loaded: {', '.join(sorted(MODULES))}."
            )
    for path in folder.rglob("*.bin"):
        if not list(path.parent.glob("*.safetensors")):
            where = path.relative_to(folder)
            raise Unusable(f"its {where} can carry code and has no *.safetensors beside it.")
    megabytes = sum(path.stat().st_size for path in folder.rglob("*.safetensors")) // 2**20
    if megabytes > settings.FLOWBUILDER_MODEL_MEMORY_MB:
        raise Unusable(
            f"its weights are {megabytes:,} MB, and FLOWBUILDER_MODEL_MEMORY_MB allows "
            f"{settings.FLOWBUILDER_MODEL_MEMORY_MB:,}. Choose a smaller one, or have an administrator raise it."
        )
    return Embedder(name, folder, megabytes)


def on_the_shelf() -> list[str]:
    """Those that can be chosen by name."""
    shelf = Path(settings.FLOWBUILDER_MODEL_FOLDER)
    names = sorted(path.parent.name for path in shelf.glob("*/modules.json"))
    return [name for name in names if _can_be_used(name)]


def _can_be_used(name: str) -> bool:
    try:
        find(name)
    except Unusable:
        return False
    return True


def shown(name: str) -> str:
    return name or SHIPPED_NAME
