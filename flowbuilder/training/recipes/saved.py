"""Lines that are kept as they come, so that a job which is cut off goes on behind the last whole one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Saved:
    """JSON values by key, in a file that only grows. What a kill left half written is not there."""

    def __init__(self, path: Path) -> None:
        self.found: dict[str, Any] = {}
        whole = []
        for line in path.read_text(encoding="utf-8").split("\n") if path.is_file() else []:
            try:
                key, value = json.loads(line)
            except ValueError:  # the half line; the file is written anew without it
                continue
            self.found[key] = value
            whole.append(line + "\n")
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(whole), encoding="utf-8")
        fresh.replace(path)
        self.file = path.open("a", encoding="utf-8")

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def __getitem__(self, key: str) -> Any:
        return self.found[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.found[key] = value
        self.file.write(json.dumps([key, value], ensure_ascii=False) + "\n")
        self.file.flush()
