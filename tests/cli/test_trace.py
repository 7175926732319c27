"""What a source asks for is followed to what carries it; a hole is named."""

import shutil
from pathlib import Path

import pytest

from api.cli_trace import OPEN, UNTOLD, trace
from tests.cli.conftest import Run
from tests.office import ROOT

TESTS = "tests/test_jambi.py"
SHOWN, RULED = f"{TESTS}::test_shown", f"{TESTS}::test_ruled"
SOUND = f"""
| id | source | what it says | carrier | test |
|---|---|---|---|---|
| JAM-01 | L5 | shown | element `read_result`; form `supervisor_review.strengths` | `{SHOWN}` |
| JAM-02 | L9 | ruled | rule `follow_up`; setting `indicators`; page `/inbox` | `{RULED}` |
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Jambi's files with a README and tests of two sentences."""
    for folder in ("workflows", "forms"):
        for system in ("jambi", "shared"):
            shutil.copytree(ROOT / folder / system, tmp_path / folder / system)
    (tmp_path / "workflows/requirements.toml").write_text('[jambi]\nprefix = "JAM"\ncount = 2\n')
    (tmp_path / "workflows/jambi/README.md").write_text(SOUND)
    (tmp_path / "tests").mkdir()
    (tmp_path / TESTS).write_text("def test_shown(): ...\ndef test_ruled(): ...\n")
    return tmp_path


def test_sentences_that_are_carried_and_tried_are_shown(run: Run, root: Path) -> None:
    result = run("trace", "--library", root)

    assert result.exit_code == 0, result.output
    assert "JAM-02" in result.output
    assert "rule follow_up" in result.output


@pytest.mark.parametrize(
    ("was", "instead", "lost"),
    [
        ("`read_result`", "`read_outcome`", "element read_outcome"),
        (".strengths`", ".virtues`", "form supervisor_review.virtues"),
        ("`follow_up`", "`follow_down`", "rule follow_down"),
        ("`indicators`", "`indicators.speed`", "setting indicators.speed"),
        ("`/inbox`", "`/outbox`", "page /outbox"),
        ("`/inbox`", "`/inbo`", "page /inbo"),
        ("::test_ruled`", "::test_unruled`", "test tests/test_jambi.py::test_unruled"),
        ("rule `follow_up`; setting `indicators`; page `/inbox`", "nothing yet", "a carrier"),
        ("| JAM-02 |", "| JAM-03 |", UNTOLD),
        ("rule `follow_up`", "open: no `follow_up`", OPEN),
    ],
)
def test_a_carrier_or_test_that_is_not_there_is_named(
    run: Run, root: Path, was: str, instead: str, lost: str
) -> None:
    (root / "workflows/jambi/README.md").write_text(SOUND.replace(was, instead))

    found = {one.key: one.missing for one in trace(root)}

    assert [lost] == [name for missing in found.values() for name in missing]
    assert run("trace", "--library", root).exit_code == 1


def test_no_row_of_a_shipped_system_names_what_is_not_there() -> None:
    rows = [one for one in trace(ROOT) if one.missing not in ((UNTOLD,), (OPEN,))]

    assert {one.key: one.missing for one in rows if one.missing} == {}
    assert {"JAM-01", "SAL-01"} <= {one.key for one in rows}
