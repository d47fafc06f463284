"""A stand-in for the hub: the part of its HTTP API that the client uses to download and to upload, on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "a" * 40
TOKEN = "hf_the_token_of_a_test"  # noqa: S105


@dataclass
class Hub:
    """What the stand-in holds, and what it was asked. Its repositories are the folders ``root/owner/name``."""

    root: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Method and path of every request."""
    ranges: list[str] = field(default_factory=list)
    private: dict[str, bool] = field(default_factory=dict)
    """Repositories that were created, or are known to be open to everybody."""
    stored: dict[str, bytes] = field(default_factory=dict)
    """Large files by their hash."""
    commits: list[dict] = field(default_factory=list)
    break_off_after: int | None = None
    """Bytes of a file's body after which the next connection is cut, once."""
    on_body: Callable[[str], None] = lambda path: None
    """Called before each body that is sent or taken."""


class Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_HEAD(self) -> None:
        self.show(body=False)

    def do_GET(self) -> None:
        self.show(body=True)

    def show(self, *, body: bool) -> None:
        path = self.noted()
        if path.startswith("api/models/"):
            self.describe(path.split("/")[2:4])
        else:
            self.file(path, body)

    def noted(self) -> str:
        self.hub.asked.append(f"{self.command} {self.path}")
        return self.path.split("?")[0].strip("/")

    def describe(self, repository: list[str]) -> None:
        name = "/".join(repository)
        folder = self.hub.root / name
        if not folder.is_dir() and name not in self.hub.private:
            self.send(404, {}, {"X-Error-Code": "RepoNotFound"})
            return
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        siblings = [
            {"rfilename": path.relative_to(folder).as_posix(), "size": path.stat().st_size} for path in files
        ]
        found = {
            "id": name,
            "sha": COMMIT,
            "siblings": siblings,
            "private": self.hub.private.get(name, False),
        }
        self.send(200, found)

    def file(self, path: str, body: bool) -> None:
        owner, name, _, _, file = path.split("/", 4)
        data = (self.hub.root / owner / name / file).read_bytes()
        start = 0
        if asked := self.headers.get("Range"):
            self.hub.ranges.append(f"{file} {asked}")
            start = int(asked.removeprefix("bytes=").split("-")[0])
        self.send_response(206 if asked else 200)
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(data) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if not body:
            return
        self.hub.on_body(file)
        if (most := self.hub.break_off_after) is not None and len(data) > most:
            self.hub.break_off_after = None
            self.wfile.write(data[start : start + most])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(data[start:])

    def do_POST(self) -> None:
        path = self.noted()
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.send(401, {"error": "Invalid credentials"})
        elif path == "api/repos/create":
            self.create(json.loads(sent))
        elif path == "api/validate-yaml":
            self.send(200, {"errors": [], "warnings": []})
        elif "/preupload/" in path:
            files = json.loads(sent)["files"]
            modes = [
                {"path": file["path"], "uploadMode": self.mode(file["path"]), "shouldIgnore": False}
                for file in files
            ]
            self.send(200, {"files": modes})
        elif path.endswith("/info/lfs/objects/batch"):
            self.batch(json.loads(sent))
        elif path == "verify":
            said = json.loads(sent)
            right = len(self.hub.stored[said["oid"]]) == said["size"]
            self.send(200 if right else 422, {})
        elif "/commit/" in path:
            self.commit("/".join(path.split("/")[2:4]), sent)
        else:
            self.send(404, {"error": path})

    def create(self, wanted: dict) -> None:
        name = f"{wanted.get('organization', 'me')}/{wanted['name']}"
        if name in self.hub.private:
            self.send(409, {"error": "You already created this model repo", "url": f"{self.hub.url}/{name}"})
            return
        private = wanted.get("private", wanted.get("visibility") == "private")
        self.hub.private[name] = bool(private)
        self.send(200, {"url": f"{self.hub.url}/{name}", "name": name})

    @staticmethod
    def mode(path: str) -> str:
        return "lfs" if path.endswith(".safetensors") else "regular"

    def batch(self, wanted: dict) -> None:
        objects = []
        for item in wanted["objects"]:
            known = item["oid"] in self.hub.stored
            actions = {
                "upload": {"href": f"{self.hub.url}/lfs/{item['oid']}"},
                "verify": {"href": f"{self.hub.url}/verify"},
            }
            objects.append({**item, **({} if known else {"actions": actions})})
        self.send(200, {"transfer": "basic", "objects": objects})

    def do_PUT(self) -> None:
        oid = self.noted().removeprefix("lfs/")
        self.hub.on_body(oid)
        data = self.body()
        if hashlib.sha256(data).hexdigest() != oid:
            self.send(400, {"error": "hash"})
            return
        self.hub.stored[oid] = data
        self.send(200, {})

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def commit(self, name: str, sent: bytes) -> None:
        files: dict[str, bytes] = {}
        for line in sent.splitlines():
            item = json.loads(line)
            value = item["value"]
            if item["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif item["key"] == "lfsFile":
                files[value["path"]] = self.hub.stored[value["oid"]]
        self.hub.commits.append({"repository": name, "files": files})
        self.send(
            200, {"success": True, "commitOid": COMMIT, "commitUrl": f"{self.hub.url}/{name}/commit/{COMMIT}"}
        )

    def send(self, status: int, answer: dict, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        sent = {"Content-Type": "application/json", "Content-Length": str(len(data)), **(headers or {})}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def serve(root: Path) -> tuple[Hub, ThreadingHTTPServer]:
    hub = Hub(root)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return hub, server
