"""What the superior sees who is offered a late step: the case where he may take it over."""

from collections.abc import Iterator

import pytest

from engine.jobs.timers import fire_due_timers
from tests.cases import Case
from tests.commands.contests import LATE, to_be_rated
from tests.ready import Offices, offices, session_folder
from tests.web.conftest import Seat, seated

__all__ = ["offices", "session_folder"]


@pytest.fixture
def case(offices: Offices) -> Case:
    """A file whose rating came so late that it is offered to the rater's superior."""
    case = to_be_rated(offices.open("contest"))
    fire_due_timers(case.office.desk, case.office.agency_id, now=LATE)
    return case


@pytest.fixture
def superior(case: Case) -> Iterator[Seat]:
    """The browser of that superior."""
    with seated(case.office.desk, LATE) as seat:
        yield seat.take("department_head")


def test_what_is_offered_leads_to_the_case_where_it_is_taken_over(superior: Seat, case: Case):
    item = superior.item()

    shown = superior.client.get(item)
    superior.post(f"{item}/take-over", reason="Penilai sedang tugas belajar.")

    assert shown.status_code == 200
    assert shown.url.path == f"/cases/{case.id}"
    assert f'action="{item}/take-over"' in shown.text
    assert case.open["rate"].assignee_id == "department_head"
