"""The one error shape that the HTTP API answers with."""

from typing import Any


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
        self.message = message
        self.status = status
        self.details = details
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}
