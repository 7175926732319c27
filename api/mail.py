"""E-mail: how many tasks wait and where, in the language of the person, and nothing about anybody.

A message that goes out again has the same Message-ID, so that mail servers and readers drop it.
"""

import re
import smtplib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.i18n import Words
from api.letter_words import Said, said
from api.outgoing import WHOLE_S, cut_after, cut_socket
from api.settings import MailSettings
from engine.jobs.letters import Delayed, Letter, Undeliverable

TEMPLATES = Path(__file__).parent / "templates"
# After a server could not be reached, the other letters of the round do not knock again.
REST_S = 30.0
PERMANENT = 500
# Answers about the mailbox itself; others of 5xx speak of the sender or the text.
NO_SUCH_MAILBOX = frozenset({550, 551, 553, 556})
# A link folded into pieces is no link; RFC 5322 allows lines of 998 characters.
UNFOLDED = SMTP.clone(max_line_length=900)
_POLICY_REFUSAL = re.compile(r"5\.7\.\d")


@dataclass
class MailSender:
    """Hands letters to one mail server."""

    settings: MailSettings
    words: Mapping[str, Words]
    public_address: str
    whole_s: float = WHOLE_S
    _down_until: float = field(default=0.0, init=False)

    def send(self, letter: Letter) -> None:
        """Send one letter. Raises Undeliverable, or Delayed for everything that may pass."""
        if time.monotonic() < self._down_until:
            raise Delayed("unreachable")
        message = compose(letter, self.words[letter.language], self.settings, self.public_address)
        try:
            self._hand_over(message, letter.address)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[letter.address]
            raise _refusal(code, text) from error
        except smtplib.SMTPResponseException as error:
            raise Delayed(f"smtp_{error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            self._down_until = time.monotonic() + REST_S
            raise Delayed(_in_the_way(error)) from error

    def _hand_over(self, message: EmailMessage, address: str) -> None:
        settings = self.settings
        server = _server(settings)
        try:
            with cut_after(self.whole_s, lambda: cut_socket(getattr(server, "sock", None))):
                server.connect(settings.host, settings.port)
                if settings.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if settings.user:
                    server.login(settings.user, settings.secret())
                server.send_message(message, settings.sender, [address])
        finally:
            server.close()


def compose(
    letter: Letter, words: Words, settings: MailSettings, public_address: str
) -> EmailMessage:
    """The message as it goes out: text and HTML, both with the link that stops it."""
    text = said(letter, words, public_address)
    message = EmailMessage(policy=UNFOLDED)
    message["From"] = settings.sender
    message["To"] = letter.address
    message["Subject"] = text.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{settings.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.code is None:
        message["List-Unsubscribe"] = f"<{text.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_plain(text, words))
    message.add_alternative(_html(text, words), subtype="html")
    # Content headers set before would go to the first part.
    message["Content-Language"] = words.language
    return message


class _Named:
    """smtplib asks for the certificate of the host it was made with, and we connect later."""

    def connect(self, host: str = "", port: int = 0, **more: Any) -> tuple[int, bytes]:
        self._host = host
        answer: tuple[int, bytes] = super().connect(host, port, **more)  # type: ignore[misc]
        return answer


class _Smtp(_Named, smtplib.SMTP):
    """TLS begins when it is asked for, or never."""


class _SmtpTls(_Named, smtplib.SMTP_SSL):
    """TLS from the first byte."""


def _server(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        return _SmtpTls(timeout=settings.timeout_s, context=ssl.create_default_context())
    return _Smtp(timeout=settings.timeout_s)


def _in_the_way(error: Exception) -> str:
    """Why no letter was handed over: a wrong certificate, no TLS or sign-in offered, or nobody."""
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unsupported" if isinstance(error, smtplib.SMTPNotSupportedError) else "unreachable"


def _refusal(code: int, text: bytes) -> Exception:
    """5xx for good, unless it is a rule of the server and says nothing about the mailbox."""
    reason = text.decode("ascii", "replace")
    if code < PERMANENT or _POLICY_REFUSAL.search(reason):
        return Delayed(f"smtp_{code}")
    return Undeliverable(f"smtp_{code}", wrong_address=code in NO_SUCH_MAILBOX)


def _plain(text: Said, words: Words) -> str:
    lines = [text.greeting, "", *text.lines, "", *([text.open, ""] if text.open else []), "-- "]
    lines.append(text.footer)
    if text.stop:
        _ = words
        lines.append(f"{_('Stop these letters')}: {text.stop}")
    return "\n".join(lines) + "\n"


def _html(text: Said, words: Words) -> str:
    return _PAGES.get_template("mail.html").render(text=text, _=words)


_PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
