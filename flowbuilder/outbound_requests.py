"""The one way out, for libraries that ask with ``requests``: the same checked network, no redirects."""

from __future__ import annotations

import time
from typing import Any

import httpcore
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from flowbuilder.outbound import SECONDS, TIMEOUTS, CheckedNetwork, Refused, check_url

MOST = 2**20
"""Bytes of an answer: documents and tokens of identity providers are small."""


def session() -> requests.Session:
    made = requests.Session()
    made.trust_env = False  # neither a proxy nor a password of the environment
    for scheme in ("http://", "https://"):
        made.mount(scheme, CheckedAdapter())
    return made


class CheckedAdapter(BaseAdapter):
    """Errors: ``requests.ConnectionError`` for whatever kept it from being asked."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        try:
            check_url(str(request.url))
            network = CheckedNetwork(time.monotonic() + SECONDS)
            with (
                httpcore.ConnectionPool(network_backend=network) as pool,
                pool.stream(
                    str(request.method),
                    str(request.url),
                    headers={**request.headers, "Accept-Encoding": "identity", "Host": _host(request)},
                    content=body,
                    extensions={"timeout": TIMEOUTS},
                ) as answer,
            ):
                text = bytearray()
                for part in answer.iter_stream():
                    text += part
                    if len(text) > MOST:
                        raise Refused("The answer is too long.")
        except (Refused, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise requests.ConnectionError(str(error) or type(error).__name__) from error
        return _response(request, answer, bytes(text))

    def close(self) -> None:
        pass


def _host(request: requests.PreparedRequest) -> str:
    return str(requests.utils.urlparse(str(request.url)).netloc)


def _response(request: requests.PreparedRequest, answer: httpcore.Response, text: bytes) -> requests.Response:
    made = requests.Response()
    made.status_code, made.url, made.request = answer.status, str(request.url), request
    made.headers = CaseInsensitiveDict(
        {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers}
    )
    made._content = text
    return made
