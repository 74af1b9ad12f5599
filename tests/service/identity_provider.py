"""An identity provider on loopback: discovery, keys that turn over, introspection, and the code flow."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET, AUDIENCE = "issuer-service", "its secret", "https://badges.example"


class IdentityProvider:
    """What it publishes and gives out, to be set by a test. `calls` are the paths that were asked for."""

    def __init__(self) -> None:
        self.issuer = ""
        self.keys = [ECKey.generate_key("P-256", {"kid": "first"})]
        self.calls: list[str] = []
        self.opaque: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.broken = False

    def turn_over(self, kid: str) -> None:
        """Another key takes the place of the former."""
        self.keys = [ECKey.generate_key("P-256", {"kid": kid})]

    def token(self, claims: dict[str, Any], *, key: ECKey | OctKey | None = None, algorithm: str = "ES256") -> str:
        """A signed token."""
        signer = key or self.keys[0]
        return jwt.encode({"alg": algorithm, "kid": signer.kid}, claims, signer, algorithms=[algorithm])

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """What it answers."""
        self.calls.append(path)
        if self.broken:
            return 503, {}
        match path:
            case "/.well-known/openid-configuration":
                names = ("authorization_endpoint", "token_endpoint", "introspection_endpoint", "jwks_uri")
                return 200, {"issuer": self.issuer, **{name: f"{self.issuer}/{name}" for name in names}}
            case "/jwks_uri":
                return 200, {"keys": [key.as_dict(private=False) for key in self.keys]}
            case "/introspection_endpoint" if self._is_client(authorization):
                return 200, self.opaque.get(form["token"], {"active": False})
            case "/token_endpoint" if self._is_client(authorization):
                return self._exchange(form)
            case _:
                return 401, {"error": "invalid_client"}

    def _is_client(self, authorization: str) -> bool:
        pair = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
        return authorization == f"Basic {pair}"

    def _exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        known = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if known is None or known["code_challenge"] != challenge or known["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token(known["claims"]), "access_token": "x", "token_type": "Bearer"}


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """A provider that answers on loopback."""
    provider = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def _respond(self, form: dict[str, str]) -> None:
            status, body = provider.answer(self.path, form, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def do_GET(self) -> None:  # the library's name
            self._respond({})

        def do_POST(self) -> None:  # the library's name
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._respond({name: values[0] for name, values in form.items()})

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    yield provider
    server.shutdown()
    server.server_close()
    thread.join()
