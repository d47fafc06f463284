"""``manage.py import_flows FOLDER``: the drafts become what the files of the folder say."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.workspaces import add_argument, asker_for
from flowbuilder.flows.files.bundles import read_folder
from flowbuilder.flows.files.taking import Existing, take


class Command(BaseCommand):
    help = "Bring the flows of a folder into a workspace; a flow that is there under the same slug gets its draft replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--existing", choices=list(Existing), default=Existing.REPLACE, type=Existing)
        add_argument(parser)

    def handle(self, *args: Any, folder: Path, workspace: str, existing: Existing, **options: Any) -> None:
        try:
            files = read_folder({path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))})
            taken = take(asker=asker_for(workspace), files=files, existing=existing)
        except ApiError as error:
            raise CommandError(error.message) from error
        for each in taken:
            self.stdout.write(f"{each.done.value}  {each.file}  {each.flow.name}")
            for problem in each.problems:
                self.stdout.write(f"  {problem.severity}: {problem.node or 'flow'}: {problem.message}")
