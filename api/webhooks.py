"""Targets of webhooks: named in a file of the installation, signed, reached at public addresses.

A receiver checks `Alur-Signature: t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<seconds>.<body>`. While
a secret is changed both sign, so that a receiver may know the old or the new one.
"""

import hmac
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.outgoing import NotSent, Outgoing
from engine.domain.people import AgencyId
from engine.domain.webhooks import EventKind, Listener
from engine.jobs.letters import Delayed, Undeliverable

SUCCESS, GONE = range(200, 300), 410
# The new secret and the one before; more are nobody's rotation.
MOST_SECRETS = 2


@dataclass(frozen=True)
class Target:
    """One receiver; the file holds the new secret in its first line and the old in its second."""

    listener: Listener
    address: str
    secret_file: Path

    def secrets(self) -> tuple[bytes, ...]:
        """The secrets that sign now; read anew each time, so that changing needs no restart."""
        lines = self.secret_file.read_text(encoding="utf-8").split()
        return tuple(line.encode() for line in lines[:MOST_SECRETS])


def read_targets(file: Path | None) -> tuple[Target, ...]:
    """The targets of the file; none without a file. Raises ValueError for what it cannot be."""
    if file is None:
        return ()
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("target", [])
    targets = tuple(_target(entry) for entry in entries)
    if len({target.listener.name for target in targets}) < len(targets):
        raise ValueError("two targets of webhooks have the same name")
    return targets


def _target(entry: dict[str, Any]) -> Target:
    agency = entry.get("agency")
    listener = Listener(
        str(entry["name"]),
        frozenset(EventKind(event) for event in entry["events"]),
        AgencyId(agency) if agency else None,
    )
    return Target(listener, str(entry["address"]), Path(entry["secret_file"]))


@dataclass(frozen=True)
class SignedPoster:
    """Posts events with a signature."""

    targets: Sequence[Target]
    outgoing: Outgoing
    clock: Callable[[], datetime]

    def post(self, target: str, delivery_id: str, body: str) -> None:
        """Post one event. Raises Undeliverable when the target is gone, Delayed otherwise."""
        found = next((known for known in self.targets if known.listener.name == target), None)
        if found is None:
            raise Undeliverable("no_target")
        seconds = int(self.clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "Alur-Delivery": delivery_id,
            "Alur-Signature": signature(found.secrets(), seconds, body.encode()),
        }
        try:
            status = self.outgoing.post(found.address, body.encode(), headers)
        except NotSent as error:
            raise Delayed(error.code) from error
        if status == GONE:
            raise Undeliverable(f"http_{status}")
        if status not in SUCCESS:
            raise Delayed(f"http_{status}")


def signature(secrets: Sequence[bytes], seconds: int, body: bytes) -> str:
    """The header that proves sender, content and hour under each of the secrets."""
    if not secrets:
        raise Delayed("no_secret")
    signed = f"{seconds}.".encode() + body
    marks = (f"v1={hmac.new(secret, signed, sha256).hexdigest()}" for secret in secrets)
    return ",".join((f"t={seconds}", *marks))
