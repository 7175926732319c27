"""The process that gets killed in the middle of a launch."""

from multiprocessing.connection import Connection
from pathlib import Path

from engine.commands.launch import launch_chunk
from engine.store import launches
from tests.cases import NOW
from tests.ready import reopen


def launch_by_chunks(url: str, folder: Path, begun: Connection) -> None:
    """Go on with the running launch in small chunks; told when work begins and after each."""
    office = reopen(url, folder, system="laps")
    with office.desk.store.reading(office.agency_id) as tx:
        (launch_id,) = launches.running(tx)
    begun.send(True)
    while launch_chunk(office.desk, office.agency_id, launch_id, now=NOW, size=5):
        begun.send(True)
