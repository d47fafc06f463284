"""Settings of a node that signs in somewhere with a secret."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from nodes.base import NodeError
from nodes.services.requests import Auth, AuthKind
from nodes.tools.tool_node import in_form_order
from nodes.types import SecretRef

USUAL = {"header": "X-API-Key", "query": "api_key"}


class SigningIn(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=in_form_order)

    auth: AuthKind = "none"
    """How it signs in: a bearer token, a user's password (basic), or a key in a header or in the query."""
    secret: SecretRef = ""
    """The token, password or key; it is sent to the hosts of the secret only and shown nowhere."""
    auth_name: str = Field("", max_length=100, pattern=r"^[\w.@-]*$")
    """The user for basic; the header's or the parameter's name for a key: X-API-Key, or api_key, when empty."""

    @property
    def signing_in(self) -> Auth:
        if self.auth == "none":
            return Auth()
        if not self.secret:
            raise NodeError(
                f"Setting 'secret': signing in by {self.auth} needs one. Choose it, or keep it on the page Secrets first."
            )
        if self.auth == "basic" and not self.auth_name:
            raise NodeError("Setting 'auth_name': signing in by basic needs the user's name.")
        return Auth(kind=self.auth, secret=self.secret, name=self.auth_name or USUAL.get(self.auth, ""))
