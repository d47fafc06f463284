"""E-mail addresses that are typed or sent: as they are kept, or refused by name."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from flowbuilder.accounts.errors import ApiError

LONGEST = 254


def checked(email: str) -> str:
    """In small letters. ``ApiError`` 422 for what is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
        email.rpartition("@")[2].encode("idna")  # as mail servers are asked for it
    except (ValidationError, UnicodeError):
        raise no_address(email) from None
    if len(email) > LONGEST:
        raise no_address(email)
    return email


def no_address(email: str) -> ApiError:
    return ApiError("invalid", _("'%(email)s' is no e-mail address.") % {"email": email[:LONGEST]}, 422)
