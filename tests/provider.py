"""A real sign-in provider in a process of its own, and a liar between it and the product."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc.jwk import RSAKey

TOKEN_LIFE_S = 60
CLIENT_ID, SECRET = "alur", "rahasia klien: 100 % / +"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@contextmanager
def provider_process(claims: dict[str, str | None]) -> Iterator[int]:
    """The provider with its users (subject -> NIP, None for one without); its port."""
    port = free_port()
    known = [
        {"sub": sub} if nip is None else {"sub": sub, "nip": nip} for sub, nip in claims.items()
    ]
    users = [json.dumps(user) for user in known]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += ["--token-max-age", str(TOKEN_LIFE_S), "--require-nonce", "true"]
    command += [part for user in users for part in ("--user-claims", user)]
    quiet = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    process = subprocess.Popen(command, env=quiet, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the provider did not start")


@dataclass
class Liar:
    """Passes requests on to the provider; `lie` says what it does to them."""

    behind: int
    lie: str = ""
    heard: list[str] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def issuer(self) -> str:
        """The address that the product knows."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def consent(self, address: str, who: str) -> str:
        """What a browser does at the provider: say who one is; where it is sent back to."""
        answer = httpx.post(address, data={"sub": who}, follow_redirects=False)
        return answer.headers["location"]

    def deny(self, address: str) -> str:
        """Refuse at the provider; where one is sent back to."""
        answer = httpx.post(address, data={"action": "deny"}, follow_redirects=False)
        return answer.headers["location"]


@contextmanager
def liar_before(port: int) -> Iterator[Liar]:
    """A liar on a port of this machine."""
    liar = Liar(port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _pass_on(liar, self)

        def do_POST(self) -> None:
            _pass_on(liar, self)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    liar.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=liar.server.serve_forever)
    thread.start()
    yield liar
    liar.server.shutdown()
    thread.join()
    liar.server.server_close()


def _pass_on(liar: Liar, request: BaseHTTPRequestHandler) -> None:
    place = urlsplit(request.path).path
    liar.heard.append(place)
    body = request.rfile.read(int(request.headers.get("content-length", 0)))
    headers = dict(request.headers.items())
    path = request.path
    if liar.lie == "other_nonce" and "authorize" in place:
        path = re.sub(r"nonce=[^&]+", "nonce=someone-elses", path)
    if liar.lie == "other_audience":
        path = re.sub(r"client_id=[^&]+", "client_id=somebody-else", path)
        if "authorization" in {name.lower() for name in headers} and "token" in place:
            headers["Authorization"] = _basic("somebody-else", SECRET)
    if liar.lie == "hangs" and "jwks" in place:
        time.sleep(6)
    answer = httpx.request(
        request.command, f"http://127.0.0.1:{liar.behind}{path}", content=body, headers=headers,
        follow_redirects=False, timeout=30,
    )  # fmt: skip
    status, content = _lied(liar, place, answer.status_code, answer.content)
    request.send_response(status)
    for name in ("location", "content-type"):
        if name in answer.headers:
            request.send_header(name, answer.headers[name])
    request.send_header("content-length", str(len(content)))
    request.end_headers()
    if liar.lie == "drops" and "token" in place:
        _drip(request, content)
    else:
        request.wfile.write(content)


def _drip(request: BaseHTTPRequestHandler, content: bytes) -> None:
    try:
        for octet in content:
            request.wfile.write(bytes([octet]))
            time.sleep(0.5)
    except OSError:
        return


def _basic(client: str, secret: str) -> str:
    return "Basic " + b64encode(f"{client}:{secret}".encode()).decode()


def _lied(liar: Liar, place: str, status: int, content: bytes) -> tuple[int, bytes]:
    match liar.lie, place.rpartition("/")[2]:
        case "down", _:
            return 503, b"down"
        case "no_json", "openid-configuration":
            return 200, b"<html>welcome</html>"
        case "endless", "jwks":
            return 200, b'{"keys": "' + b"x" * 2_000_000 + b'"}'
        case "other_issuer", "openid-configuration":
            return 200, content.replace(b'"issuer": "http://127.0.0.1', b'"issuer": "http://evil')
        case "plain_elsewhere", "openid-configuration":
            return 200, re.sub(
                rb'(token_endpoint": ")http://127.0.0.1:\d+', rb"\1http://evil.example", content
            )
        case "other_key", "jwks":
            return 200, _other_keys(json.loads(content))
        case (("unsigned" | "changed" | "no_access_token"), "token"):
            return 200, _forged(json.loads(content), liar.lie)
    return status, content


def _other_keys(known: dict) -> bytes:
    key = RSAKey.generate_key(2048, {"kid": known["keys"][0].get("kid")}).as_dict(private=False)
    return json.dumps({"keys": [{**key, "kid": known["keys"][0].get("kid", "")}]}).encode()


def _forged(answer: dict, lie: str) -> bytes:
    if lie == "no_access_token":
        return json.dumps({**answer, "access_token": None}).encode()
    head, body, seal = answer["id_token"].split(".")
    if lie == "unsigned":
        head, seal = _part({"alg": "none"}), ""
    else:
        claims = json.loads(b64decode(body + "=" * (-len(body) % 4), altchars=b"-_"))
        body = _part({**claims, "nip": "198001012010011004"})
    return json.dumps({**answer, "id_token": f"{head}.{body}.{seal}"}).encode()


def _part(value: dict) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def with_query(address: str, **changes: str) -> str:
    """An address with other values in its query."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return f"{parts.path}?{urlencode(query)}"
