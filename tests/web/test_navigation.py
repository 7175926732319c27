"""Everyday pages stand in the navigation; the rest on one hub, for whom it is open."""

import pytest

from api.web.navigation import GROUP_TITLES, HUB, LINKS, Group, hub_for, links_for, section_of
from engine.domain.people import Actor, AgencyId, Duty, EmployeeId, UnitFunction
from engine.queries.people import Person
from engine.queries.visitors import Seat
from tests.web.conftest import Seat as Browser


def sitting(*functions: UnitFunction) -> Seat:
    duties = frozenset(Duty(function, None) for function in functions)
    actor = Actor(AgencyId("agency"), EmployeeId("somebody"), duties)
    person = Person(EmployeeId("somebody"), "Somebody", "")
    return Seat(actor, person, "Agency", "Asia/Jakarta", "id", rates_others=False)


def test_who_has_no_duty_has_no_hub() -> None:
    assert [link.address for link in links_for(sitting())] == ["/inbox", "/my-appraisals"]
    assert hub_for(sitting()) == {}


def test_hr_finds_every_page_of_settings_on_the_hub() -> None:
    hub = hub_for(sitting(UnitFunction.HR, UnitFunction.ADMINISTRATOR))

    listed = {link.address for links in hub.values() for link in links}

    assert HUB in {link.address for link in links_for(sitting(UnitFunction.HR))}
    assert {"/organisation", "/employees", "/cards", "/duties"} <= listed
    assert all(link.about for links in hub.values() for link in links)


def test_every_group_beside_the_everyday_one_has_a_heading() -> None:
    assert set(GROUP_TITLES) == set(Group) - {Group.EVERYDAY}
    assert len({link.address for link in LINKS}) == len(LINKS)


@pytest.mark.parametrize(
    ("place", "section"),
    [("/inbox", "/inbox"), ("/organisation/units/x", HUB), ("/cases/1/trail", "/cases"), ("/", "")],
)
def test_a_page_belongs_to_its_section(place: str, section: str) -> None:
    assert section_of(place) == section


def test_the_hub_is_not_there_for_whom_it_would_be_empty(seat: Browser) -> None:
    assert seat.take("analyst").client.get(HUB).status_code == 404
    assert "Organisasi" in seat.take("hr_officer").client.get(HUB).text
