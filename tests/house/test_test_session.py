"""The session's own tools: figures, seed, folders that a killed session left."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import evidence
from tests.evidence import Evidence
from tests.session import PREFIX, abandoned_folders, choose_seed, count

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_figures_of_all_workers_come_together(tmp_path: Path):
    Evidence(tmp_path, "gw0").record("races.winners", 1000)
    Evidence(tmp_path, "gw1").record("kill.lost", 0)

    evidence.write(tmp_path, tmp_path / "evidence.json", all_passed=True, now=NOON)

    report = json.loads((tmp_path / "evidence.json").read_text())
    assert report["figures"] == {"kill.lost": 0, "races.winners": 1000}
    assert report["date"] == "2026-11-22T12:00:00+00:00"
    assert report["all_passed"] is True
    assert {"commit", "machine"} <= set(report)


def test_figures_of_another_commit_are_not_kept(tmp_path: Path):
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps({"commit": "another", "figures": {"old": 1}}))
    Evidence(tmp_path, "main").record("new", 2)

    evidence.write(tmp_path, file, all_passed=False, now=NOON)

    assert json.loads(file.read_text())["figures"] == {"new": 2}


def test_without_figures_the_file_stays_as_it_is(tmp_path: Path):
    evidence.write(tmp_path, tmp_path / "evidence.json", all_passed=True)

    assert not (tmp_path / "evidence.json").exists()


def test_counts_are_small_unless_the_full_run_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ALUR_TEST_FULL", raising=False)
    small = count(5, 1000)
    monkeypatch.setenv("ALUR_TEST_FULL", "1")

    assert (small, count(5, 1000)) == (5, 1000)


def test_a_given_seed_repeats_a_run(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, seed: int, rng: random.Random
):
    monkeypatch.setenv("ALUR_TEST_SEED", "42")

    assert choose_seed() == 42
    assert rng.random() == random.Random(f"{seed} {request.node.nodeid}").random()


def test_only_folders_of_dead_sessions_count_as_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead, alive = tmp_path / f"{PREFIX}99999999-x", tmp_path / f"{PREFIX}1-x"
    dead.mkdir()
    alive.mkdir()

    assert abandoned_folders() == [dead]
