"""No change without its event: for every command, row by row."""

from collections.abc import Callable

import pytest

from tests.commands.deeds import EVERY, Deed
from tests.ready import Offices
from tests.snapshots import snapshot, unexplained


@pytest.mark.parametrize("prepare", EVERY.values(), ids=list(EVERY))
def test_every_row_that_a_command_changes_has_its_event(
    offices: Offices, prepare: Callable[[Offices], Deed]
):
    office, deed = prepare(offices)
    before = snapshot(office)

    deed()

    assert unexplained(before, snapshot(office)) == []
