"""A line between two programs that can be slow, cut, silent or lose the answers."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Place = tuple[str, int] | str
# What a line may do: carry, carry late, a byte at a time, be cut, say nothing, lose the answer.
CARRY, LATE, TRICKLE, CUT, SILENT, LOSE = "carry", "late", "trickle", "cut", "silent", "lose"
LATE_S, TRICKLE_S = 0.05, 0.005
CHUNK = 65_536
RESET = struct.pack("ii", 1, 0)


@dataclass
class Wire:
    """Carries everything that comes to `port`; `state` may change at any time."""

    behind: Place
    port: int
    state: str = CARRY
    lines: set[socket.socket] = field(default_factory=set)

    def turn(self, state: str) -> None:
        """Behave otherwise from now on; a cut also ends the lines that stand."""
        self.state = state
        if state == CUT:
            for line in [*self.lines]:
                _reset(line)

    def join(self, near: socket.socket, far: socket.socket) -> None:
        """Carry both directions of one line, then let go of it."""
        ends = {near, far}
        self.lines |= ends
        back = threading.Thread(
            target=self.carry, args=(far, near), kwargs={"is_answer": True}, daemon=True
        )
        back.start()
        self.carry(near, far, is_answer=False)
        back.join()
        self.lines -= ends
        for end in ends:
            end.close()

    def carry(self, given: socket.socket, taken: socket.socket, *, is_answer: bool) -> None:
        """Carry one direction of one line until an end goes away."""
        with suppress(OSError):
            while part := given.recv(CHUNK):
                if self.state == SILENT:
                    self._keep_silent()
                if self.state == CUT or (self.state == LOSE and is_answer):
                    _reset(given)
                    _reset(taken)
                    return
                self._pass_on(part, taken)
        for end in (given, taken):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _pass_on(self, part: bytes, taken: socket.socket) -> None:
        if self.state == LATE:
            time.sleep(LATE_S)
        while self.state == TRICKLE and part:
            taken.sendall(part[:1])
            part = part[1:]
            time.sleep(TRICKLE_S)
        taken.sendall(part)

    def _keep_silent(self) -> None:
        while self.state == SILENT:
            time.sleep(0.01)


def _reset(line: socket.socket) -> None:
    """End a line as a router that lost its memory does, not as a program that says goodbye."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        line.shutdown(socket.SHUT_RDWR)


def _connect(behind: Place) -> socket.socket:
    if isinstance(behind, tuple):
        return socket.create_connection(behind)
    line = socket.socket(socket.AF_UNIX)
    line.connect(behind)
    return line


@contextmanager
def wire_to(behind: Place) -> Iterator[Wire]:
    """A line to an address or to the file of a local socket."""
    listening = socket.create_server(("127.0.0.1", 0))
    wire = Wire(behind, listening.getsockname()[1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                begin(listening.accept()[0])

    def begin(near: socket.socket) -> None:
        try:
            far = _connect(behind)
        except OSError:
            near.close()
            return
        threading.Thread(target=wire.join, args=(near, far), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield wire
    finally:
        wire.turn(CUT)
        listening.close()
