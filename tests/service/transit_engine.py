"""A transit engine on this machine that answers as Vault and OpenBao do: the same paths, members and encodings.

https://developer.hashicorp.com/vault/api-docs/secret/transit
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOKEN = "hvs.of-the-test"


class TransitEngine:
    """Its keys by name. `sealed`, it answers 503 to everything, as Vault does until it is unsealed."""

    def __init__(self) -> None:
        self.keys: dict[str, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey] = {}
        self.sealed = False
        self.signed = 0

    def make(self, name: str, type_: str) -> None:
        made = ed25519.Ed25519PrivateKey.generate() if type_ == "ed25519" else ec.generate_private_key(ec.SECP256R1())
        self.keys[name] = made

    def answer(self, method: str, path: str, body: Any, token: str | None) -> tuple[int, Any]:
        if self.sealed:
            return 503, {"errors": ["Vault is sealed"]}
        if token != TOKEN:
            return 403, {"errors": ["permission denied"]}
        match method, path.split("/")[1:]:
            case "GET", ["v1", "transit", "keys", name] if name in self.keys:
                return 200, {"data": self.shown(name)}
            case "POST", ["v1", "transit", "sign", name] if name in self.keys and body["key_version"] == 1:
                self.signed += 1
                return 200, {"data": {"key_version": 1, "signature": f"vault:v1:{self.sign(name, body)}"}}
            case _:
                return 404, {"errors": []}

    def shown(self, name: str) -> dict[str, Any]:
        public = self.keys[name].public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            type_, text = "ed25519", base64.b64encode(public.public_bytes_raw()).decode()
        else:
            type_ = "ecdsa-p256"
            text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return {"name": name, "type": type_, "latest_version": 1, "keys": {"1": {"public_key": text}}}

    def sign(self, name: str, body: dict[str, Any]) -> str:
        data, key = base64.b64decode(body["input"], validate=True), self.keys[name]
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return base64.b64encode(key.sign(data)).decode()
        assert (body["hash_algorithm"], body["marshaling_algorithm"]) == ("sha2-256", "jws")
        numbers = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return base64.urlsafe_b64encode(b"".join(n.to_bytes(32, "big") for n in numbers)).decode().rstrip("=")


@contextmanager
def transit_engine() -> Iterator[tuple[TransitEngine, str]]:
    """An engine, and its address."""
    engine = TransitEngine()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond("GET")

        def do_POST(self) -> None:
            self.respond("POST")

        def respond(self, method: str) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, answer = engine.answer(
                method, self.path, json.loads(sent) if sent else None, self.headers.get("X-Vault-Token")
            )
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is http.server's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield engine, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
