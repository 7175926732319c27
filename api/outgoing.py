"""Requests to other machines: to public addresses only, never redirected, never endless.

A name is resolved once and the connection goes to the address that was checked, so that a name
that changes its address meanwhile leads nowhere else.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

STEP_S, WHOLE_S = 5.0, 10.0
HTTPS_PORT = 443


class NotSent(Exception):
    """The request did not get an answer; `code` is closed and says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Outgoing:
    """Sends requests; `loopback` also allows plain HTTP to this machine, which only tests need."""

    loopback: bool = False
    whole_s: float = WHOLE_S

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post a body; the status of the answer, whose body nobody reads. Raises NotSent."""
        parts = self._checked(address)
        host, port = parts.hostname or "", parts.port or HTTPS_PORT
        connection = _Pinned(host, port, self._resolved(host, port), parts.scheme == "https")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with cut_after(self.whole_s, connection.cut):
                connection.request("POST", path, body=body, headers=dict(headers))
                return connection.getresponse().status
        except ssl.SSLError as error:
            raise NotSent("tls") from error
        except (OSError, HTTPException, ValueError) as error:
            raise NotSent("unreachable") from error
        finally:
            connection.close()

    def _checked(self, address: str) -> SplitResult:
        try:
            parts = urlsplit(address)
            schemes = {"https", "http"} if self.loopback else {"https"}
            is_good = parts.scheme in schemes and parts.hostname and parts.port != 0
        except ValueError as error:
            raise NotSent("address") from error
        if not is_good or parts.username or parts.password or parts.fragment:
            raise NotSent("address")
        return parts

    def _resolved(self, host: str, port: int) -> str:
        """The address to connect to; one bad address among several refuses them all."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotSent("name") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(self._is_allowed(address) for address in addresses):
            raise NotSent("private_address")
        return addresses[0]

    def _is_allowed(self, address: str) -> bool:
        known = ip_address(address.partition("%")[0])
        return is_public(known) or (self.loopback and known.is_loopback)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the open network; one that hides another never does."""
    if isinstance(address, IPv6Address) and _hides_another(address):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _hides_another(address: IPv6Address) -> bool:
    """IPv4 inside IPv6: mapped, 6to4, Teredo, and NAT64 (RFC 6052)."""
    nat64 = address.packed.startswith(bytes.fromhex("0064ff9b"))
    return bool(address.ipv4_mapped or address.sixtofour or address.teredo or nat64)


@contextmanager
def cut_after(seconds: float, cut: Callable[[], None]) -> Iterator[None]:
    """Cut a conversation that lasts too long: time limits for a single read stop no dripping."""
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def cut_socket(found: socket.socket | None) -> None:
    """End a socket under whoever reads from it."""
    if found is not None:
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)


class _Pinned(HTTPConnection):
    """A connection to one checked address, under the name that its certificate must prove."""

    def __init__(self, host: str, port: int, address: str, is_secure: bool) -> None:
        super().__init__(host, port, timeout=STEP_S)
        self._address, self._is_secure = address, is_secure

    def connect(self) -> None:
        """Connect to the address; the name is only shown and proved."""
        self.sock = socket.create_connection((self._address, self.port), STEP_S)
        if self._is_secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End the conversation from another thread."""
        cut_socket(self.sock)
