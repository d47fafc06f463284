"""Which workspace a command means, and who it acts as there: its owner."""

from django.core.management.base import CommandError, CommandParser

from flowbuilder.accounts.models import Asker, Membership, Role


def add_argument(parser: CommandParser) -> None:
    parser.add_argument("--workspace", default="", help="its name; may be left out where there is only one")


def asker_for(name: str) -> Asker:
    """Its owner. Errors: ``CommandError`` that lists the workspaces there are."""
    owners = Membership.objects.filter(role=Role.OWNER).select_related("user", "workspace")
    found = [owner for owner in owners if not name or owner.workspace.name == name]
    if len(found) != 1:
        known = ", ".join(sorted({f"'{owner.workspace.name}'" for owner in owners})) or "none"
        told = f"No workspace is called '{name}'" if name and not found else "Say which workspace is meant"
        raise CommandError(f"{told} (--workspace). There are: {known}.")
    return Asker(user=found[0].user, workspace=found[0].workspace, role=Role.OWNER)
