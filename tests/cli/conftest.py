"""The command line run in this process, over folders of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from tests.session import locked

Run = Callable[..., Result]
EMPLOYEES = 14


@pytest.fixture
def run() -> Run:
    """Runs `alur` with arguments."""
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="session")
def made_demonstration(evidence) -> Path:
    """A small demonstration, made once a session by the command itself."""
    folder = evidence.folder / "demonstration"
    with locked(evidence.folder):
        if not folder.exists():
            part = folder.with_suffix(".part")
            arguments = ["demo", "--people", str(EMPLOYEES), "--seed", "7", "--data", str(part)]
            made = CliRunner().invoke(app, arguments)
            assert made.exit_code == 0, made.output
            part.rename(folder)
    return folder


@pytest.fixture
def demonstration(made_demonstration: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may spoil."""
    return Path(shutil.copytree(made_demonstration, tmp_path / "var"))
