"""The tools that read style and types find nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

CHECKS = {
    "lint": ["ruff", "check", "--no-cache", "--output-format=concise", "."],
    "format": ["ruff", "format", "--no-cache", "--check", "."],
    "types": ["mypy", "--no-error-summary", "engine"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_a_tool_finds_nothing_to_complain_about(check: str):
    program, *arguments = CHECKS[check]
    command = [str(Path(sys.executable).with_name(program)), *arguments]

    checked = subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, check=False)

    if checked.returncode != 0:
        pytest.fail(checked.stdout + checked.stderr, pytrace=False)
