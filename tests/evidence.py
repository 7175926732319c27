"""Figures that the tests measure, kept in tests/evidence.json for the README to quote."""

import json
import os
import platform
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).with_name("evidence.json")


@dataclass(frozen=True)
class Evidence:
    """Where one worker writes what it measured; `worker` keeps the parts apart."""

    folder: Path
    worker: str

    def record(self, key: str, value: float | str) -> None:
        """Note one figure under a dotted key, for example "kill.acknowledged_lost"."""
        with (self.folder / f"evidence-{self.worker}.jsonl").open("a") as part:
            part.write(json.dumps([key, value]) + "\n")


def merged(folder: Path) -> dict[str, int | float | str]:
    """The figures of all workers, by key."""
    figures = {}
    for part in sorted(folder.glob("evidence-*.jsonl")):
        figures |= dict(json.loads(line) for line in part.read_text().splitlines())
    return dict(sorted(figures.items()))


def write(folder: Path, file: Path, *, all_passed: bool, now: datetime | None = None) -> None:
    """Write the figures with commit, date and machine; figures of the same commit are kept."""
    figures = merged(folder)
    if not figures:
        return
    commit = _commit()
    earlier = json.loads(file.read_text()) if file.exists() else {}
    if earlier.get("commit") == commit:
        figures = dict(sorted((earlier["figures"] | figures).items()))
    report = {
        "commit": commit,
        "date": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "machine": {
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "scratch": _file_system(tempfile.gettempdir()),
        },
        "all_passed": all_passed,
        "figures": figures,
    }
    file.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")


def _file_system(folder: str) -> str:
    """What the databases of the tests lie on, for example "tmpfs" or "ext2/ext3"."""
    asked = subprocess.run(
        ["stat", "--file-system", "--format=%T", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"


def _commit() -> str:
    """The commit, marked "-dirty" when files differ from it, or "unknown" without git."""
    describe = ["git", "-c", "safe.directory=*", "describe", "--always", "--abbrev=40", "--dirty"]
    try:
        answer = subprocess.run(
            describe, cwd=FILE.parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()
