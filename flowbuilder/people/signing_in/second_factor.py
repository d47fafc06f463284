"""allauth's second factors, as this installation keeps and names them."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from flowbuilder.secrets.sealing import seal, unseal

OWNER = "second factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    """What codes are made from is sealed as secrets are: a copy of the database signs nobody in."""

    def encrypt(self, text: str) -> str:
        return seal(OWNER, text, [])

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(OWNER, encrypted_text).value

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Flowbuilder"}
