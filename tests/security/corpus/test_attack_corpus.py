"""The attack corpus: every bad file is refused by the name of its attack, and nothing runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.bpmn.specs import ProcessFiles, build_specs
from tests.security.corpus.attack import CANARY, Attack
from tests.security.corpus.drawing import (
    awaits,
    boundary,
    chain,
    drawn,
    end,
    flow,
    gateway,
    message,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.security.corpus.gate import ATTACKS, meet

QUICK = [attack for attack in ATTACKS if not attack.limited]
LIMITED = [attack for attack in ATTACKS if attack.limited]
GOOD = {
    "plain": drawn(start(), user("review"), end(), chain("start", "review", "end")),
    "rework_lapse_withdrawal": drawn(
        message(),
        start(),
        sub(
            "hearing", start("s1"), gateway("fork", "parallel"), user("left"), user("right"),
            boundary("late", "right", timer('deadline("window")', "timeDate")), gateway("meet"),
            gateway("join", "parallel"), end("e1", "decided"),
            chain("s1", "fork", "left", "join", "e1"), chain("fork", "right", "meet", "join"),
            flow("late", "meet"),
        ),
        boundary("withdrawn", "hearing", awaits()),
        end("gone"),
        user("review"),
        boundary("remind", "review", timer("P3D"), interrupting=False),
        service("told"),
        end("told_end"),
        gateway("again", default="again_end"),
        end(),
        chain("start", "hearing", "review", "again", "end"),
        flow("again", "review", "not review.ok"),
        flow("withdrawn", "gone"),
        chain("remind", "told", "told_end"),
    ),
}  # fmt: skip


def test_every_attack_has_an_id_of_its_own() -> None:
    ids = [attack.id for attack in ATTACKS]

    assert len(ids) == len(set(ids))
    listed = {f"x{n:02}" for n in range(1, 17)} | {f"s{n:02}" for n in range(1, 14)}
    listed |= {f"g{n:02}" for n in range(1, 26)} | {f"l{n:02}" for n in range(1, 9)}
    assert listed <= {identifier[:3] for identifier in ids}


@pytest.mark.parametrize("attack", QUICK, ids=[attack.id for attack in QUICK])
def test_an_attack_is_refused_by_name_and_nothing_runs(attack: Attack, tmp_path: Path) -> None:
    canary = tmp_path / "c"
    content = attack.content().replace(CANARY.encode(), str(canary).encode())

    errors = meet(content)

    assert attack.rule in {error.rule for error in errors}
    assert not canary.exists()


@pytest.mark.parametrize("attack", LIMITED, ids=[attack.id for attack in LIMITED])
def test_an_attack_that_could_hang_is_refused_within_its_limits(
    attack: Attack, tmp_path: Path
) -> None:
    root = Path(__file__).parents[3]

    done = subprocess.run(
        [sys.executable, "-m", "tests.security.corpus.gate", attack.id],
        cwd=root, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert attack.rule in done.stdout.split()


@pytest.mark.parametrize("name", GOOD)
def test_a_good_diagram_is_accepted_and_builds(name: str) -> None:
    assert meet(GOOD[name]) == ()
    assert build_specs(ProcessFiles({"sample.bpmn": GOOD[name]})).process_ids == ("sample",)
