"""If a command forgot its events, the check of rows against events would see it."""

from collections.abc import Callable, Mapping

import pytest

from engine.domain.audit import ChainHead
from engine.store import audit
from tests.commands.deeds import EVERY, NO_ROWS, Deed
from tests.ready import Offices
from tests.snapshots import snapshot, unexplained

FACTUAL = {name: prepare for name, prepare in EVERY.items() if name not in NO_ROWS}


@pytest.mark.parametrize("prepare", FACTUAL.values(), ids=list(FACTUAL))
def test_without_its_events_a_command_is_caught(
    offices: Offices, prepare: Callable[[Offices], Deed], monkeypatch: pytest.MonkeyPatch
):
    office, deed = prepare(offices)
    before = snapshot(office)

    def forget(_tx: object, chain: ChainHead, _events: object) -> ChainHead:
        return chain

    def forget_all(_tx: object, chains: Mapping[str, object]) -> dict[str, ChainHead]:
        return {name: ChainHead(name) for name in chains}

    with monkeypatch.context() as patched:
        patched.setattr(audit, "append", forget)
        patched.setattr(audit, "begin_chains", forget_all)
        deed()

    assert unexplained(before, snapshot(office)) != []
