"""A real mail server on this machine that can be told to misbehave."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from api.i18n import load_words
from api.mail import MailSender
from api.settings import MailSettings

PUBLIC = "https://kinerja.contoh.go.id"
WORDS = load_words()


@dataclass
class PostOffice:
    """Keeps what arrives; `answers` to recipients and the ends of messages are used up in order.

    The answer "cut" takes the message and ends the connection before it says so.
    """

    arrived: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_recipients: list[str] = field(default_factory=list)
    to_messages: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (the server's own name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, or answer what was ordered."""
        if self.to_recipients and (answer := self.to_recipients.pop(0)) != "ok":
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the server's own name)
        self, server: Any, _session: Any, envelope: Any
    ) -> str:
        """Take a message, or answer what was ordered."""
        answer = self.to_messages.pop(0) if self.to_messages else "ok"
        if answer not in {"ok", "cut"}:
            return answer
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.arrived.append(found)
        self.recipients.extend(envelope.rcpt_tos)
        if answer == "cut":
            server.transport.abort()
        return "250 OK"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def open_office(
    handler: PostOffice, proof: ssl.SSLContext | None = None, security: str = "none"
) -> Iterator[int]:
    """The server in a thread of its own, behind TLS where it has a proof of its name; its port."""
    way: dict[str, Any] = {
        "none": {},
        "starttls": {"tls_context": proof, "require_starttls": True},
        "tls": {"ssl_context": proof},
    }
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **way[security])
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def dripping() -> Iterator[int]:
    """A server that greets one letter at a time and never comes to an end."""
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not ending.wait(0.02):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        ending.set()
        thread.join(timeout=5)


def sender_at(
    port: int, *, host: str = "127.0.0.1", security: Any = "none", **more: Any
) -> MailSender:
    """The product's own sender, over a server on this machine."""
    settings = MailSettings(
        host=host, port=port, security=security, sender="alur@kinerja.contoh.go.id"
    )
    return MailSender(settings, WORDS, PUBLIC, **more)
