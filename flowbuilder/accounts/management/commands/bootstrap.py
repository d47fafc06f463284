"""``manage.py bootstrap``: the owner and key that the environment names; else the set-up link."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from flowbuilder.accounts.first_visit import setup_token
from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.services import create_owner

MIN_KEY = 8


class Command(BaseCommand):
    help = "Create the owner and API key named in the environment; print the set-up path if nobody owns this yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["migrate"]:
            call_command("migrate", verbosity=0)
        email = os.environ.get("FLOWBUILDER_OWNER_EMAIL", "")
        password = os.environ.get("FLOWBUILDER_OWNER_PASSWORD", "")
        key = os.environ.get("FLOWBUILDER_API_KEY", "")
        if bool(email) != bool(password):
            raise CommandError(
                "Set FLOWBUILDER_OWNER_EMAIL and FLOWBUILDER_OWNER_PASSWORD together, or neither."
            )
        if key and not email:
            raise CommandError(
                "FLOWBUILDER_API_KEY needs FLOWBUILDER_OWNER_EMAIL: a key belongs to a workspace."
            )
        if key and len(key) < MIN_KEY:
            raise CommandError(
                "FLOWBUILDER_API_KEY must have at least 8 characters, so that nobody guesses it."
            )
        if email:
            asker = create_owner(email=email, password=password)
            if key and not ApiKey.objects.filter(digest=ApiKey.digest_of(key)).exists():
                ApiKey.issue(asker.workspace, asker.user, "From the environment", plaintext=key)
        elif token := setup_token():
            self.stdout.write(f"/accounts/setup/{token}/")
