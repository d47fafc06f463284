"""``manage.py node_reference``: write the reference of the nodes that come with Flowbuilder into ``docs/nodes``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from flowbuilder.flows.reference.markdown import files


class Command(BaseCommand):
    help = "Write a page for each node into docs/nodes; pages of nodes that are gone are removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", default=Path(settings.BASE_DIR) / "docs" / "nodes"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        pages = files()
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.md"):
            if path.name not in pages:
                path.unlink()
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(pages)} pages in {folder}.")
