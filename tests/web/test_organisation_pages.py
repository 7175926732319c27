"""The pages of the organisation: what was changed is told in the words of the screen."""

from engine.commands.desk import Desk
from engine.commands.organisation_units import assign_system
from tests.office import DIVISION
from tests.web.conftest import STARTED, Seat, Town


def test_the_history_of_a_unit_calls_systems_by_their_titles(
    seat: Seat, desk: Desk, town: Town
) -> None:
    hr = town.office.actor("hr_officer", STARTED)
    assign_system(desk, hr, unit_id=DIVISION, system="national", now=STARTED)
    seat.take("hr_officer")

    page = seat.client.get(f"/organisation/units/{DIVISION}").text

    history = page.partition('id="before"')[2]
    assert "sama dengan unit di atasnya" in history
    assert "Sistem nasional" in history
    assert ">national<" not in history
