"""A line between a window and the server that can be cut, and that counts what goes over it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 4096


@dataclass
class Line:
    """Cuts once after `cut_sending_after` more bytes of requests, or instead of an answer."""

    server: int
    port: int = 0
    cut_sending_after: int | None = None
    cut_answer: bool = False
    cuts: int = 0
    carried: int = 0
    open: list[socket.socket] = field(default_factory=list)

    def carry(self, near: socket.socket) -> None:
        """Both directions of one connection, each in a thread of its own."""
        far = socket.create_connection(("127.0.0.1", self.server))
        self.open += [near, far]
        for take, give, is_answer in ((near, far, False), (far, near, True)):
            threading.Thread(
                target=self._pass_on,
                args=(take, give),
                kwargs={"is_answer": is_answer},
                daemon=True,
            ).start()

    def _pass_on(self, take: socket.socket, give: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while content := take.recv(CHUNK):
                if self._is_cut(len(content), is_answer=is_answer):
                    break
                self.carried += len(content)
                give.sendall(content)
        for end in (take, give):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_cut(self, size: int, *, is_answer: bool) -> bool:
        if is_answer:
            cut, self.cut_answer = self.cut_answer, False
        elif self.cut_sending_after is None:
            cut = False
        else:
            self.cut_sending_after -= size
            cut = self.cut_sending_after <= 0
        if cut:
            self.cuts += 1
            self.cut_sending_after = None
        return cut


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    """A line to a server of this machine."""
    line = Line(urlsplit(address).port or 0)
    with socket.create_server(("127.0.0.1", 0)) as door:
        line.port = door.getsockname()[1]
        threading.Thread(target=_accept, args=(door, line), daemon=True).start()
        yield line
        for end in line.open:
            end.close()


def _accept(door: socket.socket, line: Line) -> None:
    with suppress(OSError):
        while True:
            line.carry(door.accept()[0])
