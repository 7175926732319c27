"""A small disk that can be full: one of its own where the tests may make one.

Otherwise no file of the server may grow, which needs no rights and refuses the same writes.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

FILLER, PAGE = "filler", 4096
MAY_MOUNT = os.geteuid() == 0


@dataclass
class Disk:
    """A folder with little room, or the process whose files may not grow."""

    folder: Path

    def fill(self, pid: int) -> None:
        """Leave no byte free."""
        if not MAY_MOUNT:
            _limit(pid, PAGE)
            return
        with suppress(OSError), (self.folder / FILLER).open("ab", buffering=0) as file:
            while True:
                file.write(b"x" * PAGE)

    def free(self, pid: int) -> None:
        """Give the room back."""
        if not MAY_MOUNT:
            _limit(pid, resource.RLIM_INFINITY)
            return
        (self.folder / FILLER).unlink(missing_ok=True)


def _limit(pid: int, size: int) -> None:
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@contextmanager
def small_disk(folder: Path, *, mib: int) -> Iterator[Disk]:
    """A disk of so many MiB at a folder."""
    folder.mkdir(mode=0o755)
    if MAY_MOUNT:
        size = ["-o", f"size={mib}m"]
        subprocess.run(["mount", "-t", "tmpfs", *size, "none", str(folder)], check=True)
    try:
        yield Disk(folder)
    finally:
        if MAY_MOUNT:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
