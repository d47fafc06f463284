"""``manage.py export_flows FOLDER``: every flow of a workspace as files that are fit for Git."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from flowbuilder.accounts.workspaces import add_argument, asker_for
from flowbuilder.flows.files.bundles import as_folder
from flowbuilder.flows.models import Flow


class Command(BaseCommand):
    help = "Write every flow of a workspace into a folder; files there of flows that are gone are removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        add_argument(parser)

    def handle(self, *args: Any, folder: Path, workspace: str, **options: Any) -> None:
        files = as_folder(Flow.objects.visible_to(asker_for(workspace)).order_by("slug"))
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        gone = [path for path in folder.glob("*.json") if path.name not in files]
        for path in gone:
            path.unlink()
        self.stdout.write(f"{len(files) // 2} flows in {folder}, {len(gone)} files removed.")
