"""``python -m django grow_index FOLDER``: an embedded index's graph takes in what stands behind it."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from flowbuilder.knowledge.index.embedded.graph import grow


class Command(BaseCommand):
    help = "Let the graph of a generation of an embedded index take in the newest vectors."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        os.nice(10)
        grow(folder)
