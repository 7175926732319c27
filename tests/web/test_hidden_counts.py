"""What is hidden of few people stays hidden from whoever reads all pages and files together."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from sqlalchemy import insert

from engine.commands.desk import Desk
from engine.domain.people import UnitFunction
from engine.store import tables as t
from tests.queries.test_fairness import crowd
from tests.rated import add_rated
from tests.web.conftest import Seat, Town

WHOLE = "Semua unit kerja"
READER = "clerk"
Line = tuple[int | None, ...]


@pytest.fixture
def team_member(seat: Seat, desk: Desk, town: Town) -> Seat:
    """Somebody of the performance team, where many of two units and three of one were rated."""
    office = town.office
    add_rated(desk.store, office.agency_id, office.cycle_id, crowd())
    duty = {
        "agency_id": office.agency_id, "id": "d-team", "employee_id": READER,
        "function": UnitFunction.TEAM.value, "unit_id": None, "starts": date(2025, 1, 1),
    }  # fmt: skip
    with desk.store.transaction(office.agency_id) as tx:
        tx.connection.execute(insert(t.duty), duty)
    return seat.take(READER)


def table(html: str, title: str) -> dict[str, Line]:
    """The lines of the table of a picture, without what is said of the guide."""
    body = html.partition(f"{title}: Angka")[2].partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', body)
    return {name: tuple(map(number, re.findall(r'<td class="n">(.*?)</td>', cells)))
            for name, cells in found}  # fmt: skip


def number(cell: str) -> int | None:
    return None if "disembunyikan" in cell else int(cell)


def in_file(text: str) -> dict[str, Line]:
    """The same lines in the file of the page of patterns."""
    found: dict[str, list[int | None]] = {}
    for line in text.splitlines():
        title, name, figure, value = (part.strip('"') for part in line.split(";"))
        if title == "Predikat per unit kerja" and figure != "Capaian dan pedoman":
            found.setdefault(name, []).append(number(value))
    return {name: tuple(cells) for name, cells in found.items()}


def together(*sources: dict[str, Line]) -> dict[str, Line]:
    """Each count that any source shows; no two say different things."""
    found: dict[str, Line] = {}
    for name, line in ((name, line) for source in sources for name, line in source.items()):
        known = found.get(name, (None,) * len(line))
        assert all(a == b for a, b in zip(known, line, strict=True) if None not in (a, b))
        found[name] = tuple(b if a is None else a for a, b in zip(known, line, strict=True))
    return found


def possible(shown: dict[str, Line], sizes: dict[str, int]) -> Iterator[tuple[Line, ...]]:
    """Every table that fits all that is shown, by unit in the order of `sizes`."""
    whole = shown.get(WHOLE, (None,) * 5)
    lines = [_lines(shown.get(name, (None,) * 5), size) for name, size in sizes.items()]
    for one in product(*lines):
        sums = [sum(column) for column in zip(*one, strict=True)]
        if all(seen in (None, n) for n, seen in zip(sums, whole, strict=True)):
            yield one


def _lines(shown: Line, size: int) -> list[Line]:
    ranges = [range(size + 1) if cell is None else (cell,) for cell in shown]
    return [line for line in product(*ranges) if sum(line) == size]


def test_no_page_or_file_tells_with_the_others_what_the_three_of_a_unit_have(
    team_member: Seat,
) -> None:
    overview = team_member.client.get("/overview").text
    patterns = team_member.client.get("/fairness").text
    export = team_member.post("/fairness/export", cycle="").content.decode("utf-8-sig")

    progress = table(overview, "Kemajuan per unit")
    sizes = {name: line[0] for name, line in progress.items()}
    by_unit = table(overview, "Predikat")
    shown = together(
        {name: line[:5] for name, line in table(patterns, "Predikat per unit kerja").items()},
        {name: line[:5] for name, line in in_file(export).items()},
        by_unit,
    )
    place = list(sizes).index("Sekretariat Daerah")
    found = {one[place] for one in possible(shown, sizes)}

    assert sizes["Sekretariat Daerah"] == 3
    assert len({good for _, good, *_ in found}) > 1
    assert shown["Bidang Perizinan"][:2] == (0, 12)


@pytest.mark.parametrize(
    "path",
    ["/recap", "/recap/corrections", "/api/v1/recap?month=2026-01",
     "/api/v1/recap/corrections?month=2026-01", "/cycles/{cycle}/export"],
)  # fmt: skip
def test_lists_by_name_are_not_for_who_reads_patterns(
    team_member: Seat, town: Town, path: str
) -> None:
    answer = team_member.client.get(path.format(cycle=town.office.cycle_id))

    assert answer.status_code == 404


@pytest.mark.parametrize("what", ["recap", "corrections"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_no_sheet_of_the_recap_is_for_who_reads_patterns(
    team_member: Seat, what: str, form: str
) -> None:
    answer = team_member.post("/recap/export", month="2026-01", what=what, form=form)

    assert answer.status_code == 404
    assert "content-disposition" not in answer.headers


def test_a_program_of_who_reads_patterns_gets_no_results_either(
    team_member: Seat, town: Town
) -> None:
    token = team_member.token()
    answer = team_member.client.post(
        f"/api/v1/cycles/{town.office.cycle_id}/exports",
        json={"columns": ["unit", "predicate"], "form": "xlsx"},
        headers={"x-csrf-token": token},
    )

    assert answer.status_code == 404
