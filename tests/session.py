"""What the workers of one test session share: a folder, a lock, the seed and the counts."""

import fcntl
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "alur-tests-"


def is_full() -> bool:
    """Whether the stated counts run (`make test-full`) instead of the small ones."""
    return os.environ.get("ALUR_TEST_FULL") == "1"


def count(small: int, full: int) -> int:
    """How often a repeated test repeats: `small` by default, `full` under `make test-full`."""
    return full if is_full() else small


def choose_seed() -> int:
    """The seed of this session: ALUR_TEST_SEED to repeat an earlier one, otherwise a new one."""
    given = os.environ.get("ALUR_TEST_SEED")
    return int(given) if given else random.SystemRandom().randrange(2**32)


def make_folder() -> Path:
    """A folder for this session; others may enter it, since PostgreSQL refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)
    return folder


def remove_folder(folder: Path) -> None:
    """Remove a session's folder; a file that is still being written is left behind."""
    shutil.rmtree(folder, ignore_errors=True)


def abandoned_folders() -> list[Path]:
    """Folders of sessions that were killed before they could clean up."""
    found = Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*")
    return [folder for folder in found if not _is_alive(folder.name)]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one worker of the session in at a time."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_alive(folder_name: str) -> bool:
    pid = folder_name.removeprefix(PREFIX).split("-")[0]
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
