"""``manage.py import_flowise FILES...``: flows and workspaces of Flowise, Langflow and Dify."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.workspaces import add_argument, asker_for
from flowbuilder.importing import services


class Command(BaseCommand):
    help = "Bring flows and workspaces of Flowise, Langflow or Dify into a workspace, and say what became of each node."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="exports (.json, .yml) or zip files of them")
        parser.add_argument("--preview", action="store_true", help="only say what would be made")
        add_argument(parser)

    def handle(self, *args: Any, files: list[Path], workspace: str, preview: bool, **options: Any) -> None:
        asker = asker_for(workspace)
        try:
            given = [(path.name, path.read_bytes()) for path in files]
            found = services.preview(asker=asker, files=given)
            if preview:
                found.delete()
            else:
                found = services.make(asker=asker, imported=found)
        except ApiError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"'{error.filename}' cannot be read: {error.strerror}.") from error
        for told in found.report["flows"]:
            self._flow(told)
        for told in found.report["workspaces"]:
            for base in told["bases"]:
                self.stdout.write(f"knowledge base  {base['name']}: {base['passages']} passages")
            for name in told["asked_for"]:
                self.stdout.write(f"set yourself  {name}")
            for left in told["left_out"]:
                self.stdout.write(f"left out  {left['count']} {left['what']}")

    def _flow(self, told: dict[str, Any]) -> None:
        report = told["report"]
        self.stdout.write(f"{told['file']}: {told['name']}")
        if report is None:
            return
        self.stdout.write(
            "  " + ", ".join(f"{count} {how}" for how, count in report["counts"].items() if count)
        )
        for item in report["items"]:
            if item["how"] in {"placeholder", "approximated"}:
                self.stdout.write(f"  {item['how']}: {item['label']} ({item['kind']}): {item['why']}")
        for each in report["todo"]:
            self.stdout.write(f"  to do: {each['node']}: {each['what']}")
        for each in report["hosts"]:
            self.stdout.write(f"  allow: {each['host']}")
        for each in report["dropped"]:
            self.stdout.write(f"  wire left out: {each['source']} -> {each['target']}: {each['why']}")
