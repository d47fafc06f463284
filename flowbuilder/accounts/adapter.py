"""allauth, for an installation whose people are invited: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def goes_to_the_log() -> bool:
    """Whether letters are written to the server's log, because no mail server is set up."""
    return bool(settings.EMAIL_BACKEND == "django.core.mail.backends.console.EmailBackend")
