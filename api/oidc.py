"""Asks a sign-in provider who somebody is: authorization code with PKCE, nonce and checked token.

The only module that talks to providers. What is secret about one try to sign in (nonce, verifier,
seal of the state) is derived from the visitor's cookie, so nothing of it is stored, every server
process can finish what another one began, and only the browser that began can finish.
"""

import hmac
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.settings import Provider

STATE_LIFE = timedelta(minutes=10)
# A whole talk with a provider: people wait at the door meanwhile.
PATIENCE_S = 8.0
STEP_S = 4.0
MAX_ANSWER = 512 * 1024
LEEWAY_S = 30
# Asymmetric only: with HS256 anybody who knows the client secret could make tokens.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# A provider that hangs must not hold every thread of the server.
_TALKS = BoundedSemaphore(6)


class Trouble(StrEnum):
    """Why nobody came in through a provider."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    UNTRUSTED = "untrusted"
    STALE = "stale"
    UNKNOWN_PERSON = "unknown_person"
    SET_UP = "set_up"


class ProviderTrouble(Exception):
    """A sign-in with a provider that came to nothing; `detail` is for the log, without persons."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(f"{trouble.value}: {detail}")
        self.trouble, self.detail = trouble, detail


@dataclass(frozen=True)
class Try:
    """One try to sign in: the provider, the visitor's cookie, where the provider sends back to."""

    provider: Provider
    cookie: str
    return_address: str

    def new_state(self, now: datetime) -> str:
        """A state that this browser alone can bring back, for ten minutes."""
        expires = str(int((now + STATE_LIFE).timestamp()))
        chance = secrets.token_urlsafe(16)
        return f"{expires}.{chance}.{self._derived('state', f'{expires}.{chance}')}"

    def check_state(self, state: str, now: datetime) -> datetime:
        """When a state expires. Raises ProviderTrouble unless this browser got it lately."""
        body, _, seal = state.rpartition(".")
        if not hmac.compare_digest(seal.encode(), self._derived("state", body).encode()):
            raise ProviderTrouble(Trouble.STALE, "state of another browser")
        expires = datetime.fromtimestamp(int(body.partition(".")[0]), UTC)
        if expires <= now:
            raise ProviderTrouble(Trouble.STALE, "state expired")
        return expires

    def nonce(self, state: str) -> str:
        """What the provider repeats in its token."""
        return self._derived("nonce", state)

    def verifier(self, state: str) -> str:
        """What proves that who redeems the code is who asked for it (PKCE)."""
        return self._derived("verifier", state)

    def _derived(self, purpose: str, text: str) -> str:
        message = f"{purpose}\0{self.provider.key}\0{text}".encode()
        digest = hmac.digest(self.cookie.encode(), message, "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


def provider_address(attempt: Try, state: str) -> str:
    """Where the browser is sent to. Raises ProviderTrouble."""
    with _Talk(attempt.provider) as talk:
        found = talk.metadata()
    address: str = prepare_grant_uri(
        found["authorization_endpoint"],
        client_id=attempt.provider.client_id,
        response_type="code",
        redirect_uri=attempt.return_address,
        scope=attempt.provider.scope,
        state=state,
        nonce=attempt.nonce(state),
        code_challenge=create_s256_code_challenge(attempt.verifier(state)),
        code_challenge_method="S256",
    )
    return address


def nip_of(attempt: Try, state: str, code: str, now: datetime) -> str:
    """The NIP that the provider vouches for. Raises ProviderTrouble."""
    with _Talk(attempt.provider) as talk:
        found = talk.metadata()
        tokens = talk.tokens(found["token_endpoint"], attempt, state, code)
        keys = talk.ask(found["jwks_uri"])
        claims = _checked(tokens, keys, attempt, state, now)
        nip = claims.get(attempt.provider.nip_claim)
        bearer = tokens.get("access_token")
        if nip is None and bearer and found.get("userinfo_endpoint"):
            more = talk.ask(found["userinfo_endpoint"], bearer=str(bearer))
            nip = more.get(attempt.provider.nip_claim) if more.get("sub") == claims["sub"] else None
    if not isinstance(nip, str) or not nip.strip():
        raise ProviderTrouble(Trouble.UNKNOWN_PERSON, "no NIP in the token")
    return nip


def _checked(
    tokens: Mapping[str, Any], keys: Mapping[str, Any], attempt: Try, state: str, now: datetime
) -> Mapping[str, Any]:
    """The claims of an ID token that is signed, meant for us, fresh and an answer to this try."""
    options: Any = {
        "iss": {"essential": True, "value": attempt.provider.issuer},
        "aud": {"essential": True, "value": attempt.provider.client_id},
    }
    asked = {
        "nonce": attempt.nonce(state),
        "client_id": attempt.provider.client_id,
        "access_token": tokens.get("access_token"),
    }
    try:
        signed = KeySet.import_key_set(_signing(keys))
        token = jwt.decode(str(tokens["id_token"]), signed, algorithms=ALGORITHMS)
        told = CodeIDToken(token.claims, token.header, options, asked)
        told.validate(int(now.timestamp()), LEEWAY_S)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise ProviderTrouble(Trouble.UNTRUSTED, type(error).__name__) from error
    return dict(told)


def _signing(keys: Mapping[str, Any]) -> Any:
    return {"keys": [key for key in keys["keys"] if key.get("use") != "enc"]}


class _Talk:
    """A few requests to one provider, all of them within the patience of one visitor."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._until = time.monotonic() + PATIENCE_S
        self._client = httpx.Client(timeout=STEP_S, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Self:
        if not _TALKS.acquire(blocking=False):
            self._client.close()
            raise ProviderTrouble(Trouble.UNREACHABLE, "too many people wait for the provider")
        return self

    def __exit__(self, *_error: object) -> None:
        _TALKS.release()
        self._client.close()

    def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself; it must be whom the settings name."""
        issuer = self._provider.issuer
        found = self.ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != issuer or not all(isinstance(found.get(n), str) for n in names):
            raise ProviderTrouble(Trouble.UNTRUSTED, "metadata of another issuer")
        for name in names:
            _demand_safe(found[name], issuer)
        return found

    def tokens(self, address: str, attempt: Try, state: str, code: str) -> Mapping[str, Any]:
        """The tokens for a code."""
        provider = attempt.provider
        pair = (quote(provider.client_id, safe=""), quote(provider.secret(), safe=""))
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.return_address,
            "code_verifier": attempt.verifier(state),
        }
        return self._answer(self._client.build_request("POST", address, data=form), pair)

    def ask(self, address: str, *, bearer: str = "") -> Mapping[str, Any]:
        """A JSON object from an address of the provider."""
        _demand_safe(address, self._provider.issuer)
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        return self._answer(self._client.build_request("GET", address, headers=headers))

    def _answer(
        self, request: httpx.Request, pair: tuple[str, str] | None = None
    ) -> Mapping[str, Any]:
        try:
            answer = self._client.send(request, auth=pair, stream=True)
            content = self._content(answer)
            found = json.loads(content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderTrouble(Trouble.UNREACHABLE, type(error).__name__) from error
        if answer.status_code >= 500 or not isinstance(found, dict):
            raise ProviderTrouble(Trouble.UNREACHABLE, f"status {answer.status_code}")
        if answer.status_code != 200:
            raise ProviderTrouble(Trouble.UNTRUSTED, f"status {answer.status_code}")
        return found

    def _content(self, answer: httpx.Response) -> bytes:
        """The body, unless it is endless or comes in drops."""
        content = b""
        try:
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MAX_ANSWER or time.monotonic() > self._until:
                    raise ProviderTrouble(Trouble.UNREACHABLE, "too slow or too much")
        finally:
            answer.close()
        return content


def _demand_safe(address: str, issuer: str) -> None:
    """TLS everywhere; only a provider on this machine may do without."""
    parts = urlsplit(address)
    local = parts.hostname in LOOPBACK and urlsplit(issuer).hostname in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ProviderTrouble(Trouble.SET_UP, "an address of the provider is not https")


def state_hash(state: str) -> str:
    """What is remembered of a state that was used."""
    return sha256(state.encode()).hexdigest()
