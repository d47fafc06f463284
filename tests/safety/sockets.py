"""A browser's end of the real application's sockets and streams, and the ways in which a right is lost."""

import json

from allauth.usersessions.models import UserSession
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from flowbuilder.asgi import application
from flowbuilder.people.signing_in import sessions

HOST = "localhost:8000"
OURS = f"http://{HOST}"
PATIENCE = 10
"""Seconds after which a test that should have long ended is a hang."""
STANDING = "ws/standing"
FLOW_SOCKET = "ws/flows/<flow_id>"


def headers_of(world, asker: str, **more: str | None) -> list[tuple[bytes, bytes]]:
    headers = {"host": HOST, **more}
    if asker in world.cookies:
        headers["cookie"] = f"{settings.SESSION_COOKIE_NAME}={world.cookies[asker]}"
    if asker in world.secrets:
        headers["authorization"] = f"Bearer {world.secrets[asker]}"
    return [(name.encode(), value.encode()) for name, value in headers.items() if value is not None]


class Socket(ApplicationCommunicator):
    """channels' own needs Daphne."""

    def __init__(self, world, asker: str, pattern: str = "ws/runs/<run_id>", **headers: str | None) -> None:
        path = "/" + pattern
        for name in ("run_id", "flow_id"):
            path = path.replace(f"<{name}>", world.parameters[name])
        sent = headers_of(world, asker, **{"origin": OURS, **headers})
        super().__init__(application, {"type": "websocket", "path": path, "headers": sent})

    async def opens(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def send(self, sent: str | bytes) -> None:
        kind = "bytes" if isinstance(sent, bytes) else "text"
        await self.send_input({"type": "websocket.receive", kind: sent})

    async def event(self) -> dict:
        return json.loads((await self.receive_output(PATIENCE))["text"])

    async def closed(self) -> int:
        """The code that it is closed with; events before that are let pass."""
        while (message := await self.receive_output(PATIENCE))["type"] != "websocket.close":
            pass
        await self.leave(message["code"])
        return message["code"]

    async def leave(self, code: int = 1000) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": code})
        await self.wait(PATIENCE)


class Stream(ApplicationCommunicator):
    """An answer of the real application, read as a server would."""

    def __init__(self, world, asker: str, method: str, path: str, body: bytes = b"", **more: str) -> None:
        headers = headers_of(world, asker, **{"content-type": "application/json", **more})
        scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
        super().__init__(application, scope)
        self.input_queue.put_nowait({"type": "http.request", "body": body, "more_body": False})

    async def next(self) -> dict:
        return await self.receive_output(PATIENCE)

    async def rest(self) -> bytes:
        """What is sent until the answer ends by itself."""
        text = b""
        while (piece := await self.next()).get("more_body"):
            text += piece["body"]
        await self.wait(PATIENCE)
        return text


def leave(world):
    world.people["editor"].memberships.all().delete()


def be_deactivated(world):
    type(world.people["editor"]).objects.filter(email="editor@example.test").update(is_active=False)


def change_password(world):
    world.people["editor"].set_password("another horse battery")
    world.people["editor"].save()


def sign_out(world):
    world.client("editor").post("/accounts/sign-out/")


def be_ended_elsewhere(world):
    """On the page of one's account, from another browser."""
    person, key = world.people["editor"], world.cookies["editor"]
    one = UserSession.objects.create(user=person, ip="127.0.0.1", session_key=key)
    assert sessions.end(person, one.pk)


LOSSES = [leave, be_deactivated, change_password, sign_out, be_ended_elsewhere]
