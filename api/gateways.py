"""Short messages through a gateway of the installation's choice: WhatsApp, SMS or another.

A package adds a gateway under the entry point group `alur.gateways`: a function from
GatewaySettings to a Gateway. `http-json` is ours and needs no package.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from api.i18n import Words
from api.letter_words import short
from api.outgoing import NotSent, Outgoing
from api.settings import GatewaySettings
from engine.jobs.letters import Delayed, Letter, Undeliverable

GROUP = "alur.gateways"
HTTP_JSON = "http-json"
# Answers that say the number itself is wrong; every other refusal may pass.
WRONG_NUMBER = frozenset({404, 410, 422})
SUCCESS = range(200, 300)


class Gateway(Protocol):
    """Takes one short message; `key` stays the same when it comes again."""

    def send(self, to: str, text: str, *, key: str) -> None:
        """Take the message. Raises Undeliverable for a wrong number, anything else for later."""


@dataclass(frozen=True)
class HttpJsonGateway:
    """Posts each message as JSON to one address, which only the installation can choose."""

    settings: GatewaySettings
    outgoing: Outgoing

    def send(self, to: str, text: str, *, key: str) -> None:
        """Post one message."""
        settings = self.settings
        body = {settings.to_field: to, settings.text_field: text}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if settings.secret_file:
            headers["Authorization"] = f"Bearer {settings.secret()}"
        try:
            status = self.outgoing.post(settings.address, json.dumps(body).encode(), headers)
        except NotSent as error:
            raise Delayed(error.code) from error
        if status in WRONG_NUMBER:
            raise Undeliverable(f"http_{status}", wrong_address=True)
        if status not in SUCCESS:
            raise Delayed(f"http_{status}")


@dataclass(frozen=True)
class MessageSender:
    """Says letters as short messages to a gateway."""

    gateway: Gateway
    words: Mapping[str, Words]
    public_address: str

    def send(self, letter: Letter) -> None:
        """Send one letter. Raises Undeliverable, or anything else for later."""
        text = short(letter, self.words[letter.language], self.public_address)
        self.gateway.send(letter.address, text, key=letter.id)


def gateway_of(settings: GatewaySettings) -> Gateway:
    """The gateway that the settings name. Raises LookupError for one that nobody brings."""
    if settings.name == HTTP_JSON:
        return HttpJsonGateway(settings, Outgoing())
    for found in entry_points(group=GROUP, name=settings.name):
        make: Callable[[GatewaySettings], Gateway] = found.load()
        return make(settings)
    raise LookupError(f"no package brings the gateway {settings.name!r}")
