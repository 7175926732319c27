"""What carries a sentence of a source is missed by the tests of the sentence once it is gone."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from api.cli_trace import Requirement, trace
from tests.office import ROOT
from tests.removal import copy_of_product, remove
from tests.session import count

REQUIREMENTS = list(trace(ROOT))


@pytest.mark.parametrize("system", dict.fromkeys(one.system for one in REQUIREMENTS))
def test_the_tests_of_a_sentence_fail_without_what_carries_it(
    system: str, rng: random.Random, tmp_path: Path
):
    every = [
        (one, carrier) for one in REQUIREMENTS if one.system == system for carrier in one.carriers
    ]
    chosen = rng.sample(every, count(1, len(every)))

    whole = copy_of_product(tmp_path / "whole")
    kept = [
        f"{one.key} {carrier}" for one, carrier in chosen if passes_without(one, carrier, tmp_path)
    ]

    assert passes(whole, {test for one, _ in chosen for test in one.tests})
    assert kept == []


def passes_without(one: Requirement, carrier: str, folder: Path) -> bool:
    """Take the carrier out of a copy of the product; whether no test of the sentence fails then."""
    copy = copy_of_product(folder / "product")
    remove(copy, one.system, carrier)
    passed = passes(copy, one.tests)
    shutil.rmtree(copy)
    return passed


def passes(copy: Path, tests: Iterable[str]) -> bool:
    """Whether these tests pass in a copy of the product, on SQLite."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider",
         "-k", "not postgresql", *sorted(tests)],
        cwd=copy, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode in (0, 1), found.stdout + found.stderr
    return found.returncode == 0
