"""The process that gets killed: completes work without pause and acknowledges what is done."""

from multiprocessing.connection import Connection
from pathlib import Path

from engine.commands.complete import complete_work_item
from tests.cases import NOW
from tests.faults.laps import answers, laps
from tests.ready import reopen


def complete_forever(url: str, folder: Path, acknowledged: Connection) -> None:
    """Complete lap after lap; each receipt is sent only after the command has returned."""
    office = reopen(url, folder, system="laps")
    for item, lap in laps(office):
        actor = office.actor(item.assignee_id or "", NOW)
        done = complete_work_item(
            office.desk, actor, item_id=item.id, answers=answers(lap), now=NOW
        )
        acknowledged.send((done.item_id, done.receipt))
