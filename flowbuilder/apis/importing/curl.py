"""curl commands as they stand in documentation: what they ask. None is ever run."""

from __future__ import annotations

import re
import shlex
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flowbuilder.apis.importing.assembling import Request, document_of, json_in, templated
from flowbuilder.apis.importing.refusal import Refused

BEGIN = re.compile(r"^\s*(?:\$\s+)?curl(?:\.exe)?\s", re.MULTILINE)
DATA = frozenset(
    {"-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--data-urlencode", "--json"}
)
FORM = frozenset({"-F", "--form", "--form-string"})
WITH_A_VALUE = frozenset(
    "-A --user-agent -b --cookie -c --cookie-jar -e --referer -m --max-time --connect-timeout -o --output -u --user -x --proxy "
    "--cacert --cert --key -w --write-out --retry --resolve -T --upload-file -r --range --max-redirs -D --dump-header".split()
)


def is_curl(text: str) -> bool:
    return BEGIN.match(text) is not None


def converted(text: str, example: str = "") -> dict[str, Any]:
    """A document of every command in the text; ``example`` is what the one command was answered."""
    starts = [found.start() for found in BEGIN.finditer(text)]
    commands = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    requests = [_request(command, f"command {number}") for number, command in enumerate(commands, 1)]
    hosts = [host for _, host in requests if host]
    found = [request for request, _ in requests]
    if example.strip():
        answer = json_in(example)
        if answer is None:
            raise Refused("The example of an answer is not JSON.", "example")
        found[-1].answers["200"] = [answer]
    return document_of(hosts[0] if hosts else "", found)


def _request(command: str, place: str) -> tuple[Request, str]:
    try:
        words = shlex.split(command.replace("\\\n", " ").replace("^\n", " ").replace("$ curl", "curl"))[1:]
    except ValueError as error:
        raise Refused(f"The command cannot be read: {error}.", place) from error
    told = _Told(place)
    told.read(words)
    return told.request(), told.host


class _Told:
    """What the words of a command say."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.method = ""
        self.address = ""
        self.data: list[str] = []
        self.form: dict[str, str] = {}
        self.as_query = False
        self.json = False
        self.host = ""

    def read(self, words: list[str]) -> None:
        rest = iter(_parted(words))
        for word in rest:
            if (
                word in DATA
                or word in FORM
                or word in {"-X", "--request", "-H", "--header", "--url"} | WITH_A_VALUE
            ):
                value = next(rest, None)
                if value is None:
                    raise Refused(f"'{word}' stands without what belongs to it.", self.place)
                self._take(word, value)
            elif word in {"-G", "--get"}:
                self.as_query = True
            elif word in {"-I", "--head"}:
                self.method = self.method or "HEAD"
            elif not word.startswith("-") and not self.address:
                self.address = word

    def _take(self, word: str, value: str) -> None:
        if word in {"-X", "--request"}:
            self.method = value.upper()
        elif word == "--url":
            self.address = value
        elif word in DATA:
            if value.startswith("@"):
                raise Refused(
                    f"'{word} {value[:60]}' reads a file; put its content into the command.", self.place
                )
            self.json = self.json or word == "--json"
            self.data.append(value)
        elif word in FORM:
            name, _, content = value.partition("=")
            self.form[name] = "" if content.startswith("@") else content
        elif word in {"-H", "--header"} and value.lower().startswith("content-type:"):
            self.json = "json" in value.lower()

    def request(self) -> Request:
        if not self.address:
            raise Refused("The command names no address.", self.place)
        parts = urlsplit(self.address if "://" in self.address else f"http://{self.address}")
        self.host = parts.netloc.rpartition("@")[2]
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body, kind = self._body()
        if self.as_query and isinstance(body, dict):
            query |= {name: str(value) for name, value in body.items()}
            body = None
        method = self.method or ("POST" if body is not None else "GET")
        if method not in {"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"}:
            raise Refused(f"'{method[:20]}' is no method of HTTP.", self.place)
        path = templated(parts.path, guess=True)
        return Request(method=method, path=path, body=body, body_type=kind, query=query)

    def _body(self) -> tuple[Any, str]:
        if self.form:
            return dict(self.form), "multipart/form-data"
        if not self.data:
            return None, ""
        joined = "&".join(self.data)
        found = json_in(joined)
        if found is not None and (self.json or isinstance(found, dict | list)):
            return found, "application/json"
        if self.json:
            raise Refused("The command's data is not JSON, and its header says that it is.", self.place)
        return dict(parse_qsl(joined, keep_blank_values=True)), "application/x-www-form-urlencoded"


def _parted(words: list[str]) -> list[str]:
    """``-XPOST`` and ``--request=POST`` as two words each."""
    found: list[str] = []
    for word in words:
        if re.match(r"-[XHdFu].", word) and not word.startswith("--"):
            found += [word[:2], word[2:]]
        elif word.startswith("--") and "=" in word:
            found += word.split("=", 1)
        else:
            found.append(word)
    return found
