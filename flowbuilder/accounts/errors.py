"""The one error shape that the HTTP API answers with."""

from typing import Any

from flowbuilder.translation.errors import said


class ApiError(Exception):
    """An error for the client: a stable code, a sentence that says what would work, a status."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        details: Any = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.details = details
        self.headers = headers or {}

    @property
    def message(self) -> str:
        """In the language of whoever is answered. Workers speak English, and what they keep is translated when it is shown."""
        return said(self)

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}
