"""``manage.py flowise_table FOLDER``: writes ``docs/flowise-import.md`` from the templates of a Flowise package."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from flowbuilder.importing.table import table


class Command(BaseCommand):
    help = "Write docs/flowise-import.md from the folder 'marketplaces' of the npm package flowise."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "flowise-import.md"
        page.write_text(table(folder))
        self.stdout.write(f"wrote {page.name}")
