"""What a unit does with its citizen survey, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from engine.commands.citizen_surveys import close_survey, make_links, open_survey, set_counter
from tests.cases import NOW
from tests.office import Office
from tests.ready import Offices
from tests.surveys import answered, closed, new_survey, opened

Deed = tuple[Office, Callable[[], object]]


def _open(offices: Offices) -> Deed:
    office = offices.open("window")
    hr = office.actor("hr_officer", NOW)
    return office, partial(open_survey, office.desk, hr, new=new_survey(office), now=NOW)


def _open_again(offices: Offices) -> Deed:
    office, deed = _open(offices)
    closed(office, opened(office))
    return office, deed


def _with_open(command: Callable[..., object], **values: object) -> Callable[[Offices], Deed]:
    def prepared(offices: Offices) -> Deed:
        office = offices.open("window")
        survey, hr = opened(office), office.actor("hr_officer", NOW)
        answered(office, survey, 5)
        return office, partial(command, office.desk, hr, survey_id=survey, now=NOW, **values)

    return prepared


WHOLE = {
    "open a survey": _open,
    "open a survey again": _open_again,
    "make links": _with_open(make_links, count=3),
    "make a poster": _with_open(set_counter),
    "close a survey": _with_open(close_survey),
}
