"""The one-time link that guards the set-up page of a fresh installation."""

import secrets
from pathlib import Path

from django.conf import settings

from flowbuilder.accounts.models import User


def token_path() -> Path:
    return settings.HOME_DIR / "setup-token"


def nobody_yet() -> bool:
    """Whether there is no account that one could sign in with."""
    return not User.objects.exists()


def setup_token() -> str | None:
    """The token of the set-up link, made on first call; None once somebody owns the installation."""
    if not nobody_yet():
        token_path().unlink(missing_ok=True)
        return None
    if not token_path().exists():
        token_path().touch(mode=0o600)
        token_path().write_text(secrets.token_urlsafe(24))
    return token_path().read_text()


def close_setup() -> bool:
    """True for one caller only: of several who use the link at the same moment one makes the owner."""
    try:
        token_path().unlink()
    except FileNotFoundError:
        return False
    return True


def is_setup_token(candidate: str) -> bool:
    expected = setup_token()
    return expected is not None and secrets.compare_digest(candidate.encode(), expected.encode())
