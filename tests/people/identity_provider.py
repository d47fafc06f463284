"""A tiny OpenID Connect provider: it vouches for whom the test says, to whom has its client's id and secret."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "flowbuilder", "shared-with-the-provider"


class IdentityProvider:
    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.asked: list[dict[str, list[str]]] = []
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def configuration(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/person",
            "jwks_uri": f"{self.url}/keys",
        }

    def token(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        self.asked.append(asked)
        if (asked.get("client_id"), asked.get("client_secret")) != ([CLIENT], [SECRET]):
            return {"error": "invalid_client"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, **self.person}
        return {
            "access_token": "opaque",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"}),
        }

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's own is self
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    back = f"{asked['redirect_uri']}?{urlencode({'code': 'once', 'state': asked['state']})}"
                    self.send_response(302)
                    self.send_header("Location", back)
                    self.end_headers()
                elif parts.path == "/person":
                    self._say(provider.person)
                elif parts.path == "/keys":
                    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(provider.key.public_key()))
                    self._say({"keys": [{**public, "kid": "one", "alg": "RS256"}]})
                else:
                    self._say(provider.configuration())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._say(provider.token(parse_qs(body)))

            def _say(self, what: dict[str, Any]) -> None:
                text = json.dumps(what).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
