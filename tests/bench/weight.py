"""What pages weigh on the line: alone when the browser keeps the rest, and all the first time."""

import gzip
import re
from dataclasses import dataclass

from tests.bench.cases import PERSON
from tests.bench.serving import Line, fleet_of
from tests.cases import Case
from tests.machines import ago, session_of
from tests.office import Office

_LOADED = re.compile(r'(?:src|href)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Weight:
    """Bytes of a page packed with gzip: alone, and with every style, script and picture of it."""

    warm: int
    cold: int


def inbox(office: Office) -> Weight:
    """The first page of a person's own list."""
    with fleet_of(office) as made:
        return _weighed(Line(made.serve(), session_of(office, PERSON)), "/inbox")


def form(office: Office) -> Weight:
    """The first form of a person's case."""
    item = next(iter(Case.start(office, PERSON, now=ago(0)).open.values()))
    with fleet_of(office) as made:
        line = Line(made.serve(), session_of(office, PERSON))
        return _weighed(line, f"/work-items/{item.id}")


def _weighed(line: Line, path: str) -> Weight:
    page = line.get(path)
    loaded = set(_LOADED.findall(gzip.decompress(page).decode()))
    return Weight(len(page), len(page) + sum(len(line.get(address)) for address in loaded))
