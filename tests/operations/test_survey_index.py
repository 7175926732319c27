"""What citizens said comes into the appraisal exactly, and not at all where too few said it."""

from decimal import Decimal

import pytest

from engine.commands.systems import PlayedFacts
from engine.domain.citizen_survey import ELEMENTS, Element, Tally
from engine.errors import OperationFailed
from engine.operations import OPERATIONS

FIVE = Tally(5, {**dict.fromkeys(ELEMENTS, 15), Element.COMPETENCE: 20, Element.BEHAVIOUR: 19})


def asked(tally: Tally | None, **values: object):
    facts = PlayedFacts((), frozenset(), None, tally)
    return OPERATIONS["survey_index"].run(values, {}, facts)


@pytest.mark.parametrize("elements", [{}, {"elements": "unit"}])
def test_a_unit_has_all_nine_elements(elements: dict[str, object]):
    found = asked(FIVE, **elements)

    assert found.value == {
        "index": Decimal("80.00"), "grade": "B", "responses": 5, "source": "unit"
    }  # fmt: skip
    assert found.audit["index"] == "80.00"


@pytest.mark.parametrize("elements", ["person", ["competence", "behaviour"]])
def test_a_person_has_those_that_say_something_of_the_person(elements: object):
    assert asked(FIVE, elements=elements).value["index"] == Decimal("97.50")


@pytest.mark.parametrize("tally", [None, Tally(4, dict.fromkeys(ELEMENTS, 16))])
def test_nothing_is_told_without_a_survey_or_of_four_people(tally: Tally | None):
    found = asked(tally)

    nothing = {"index": None, "grade": None, "responses": 0, "source": "none"}
    assert (found.value, found.audit) == (nothing, nothing)


@pytest.mark.parametrize("elements", ["everything", [], ["mood"], ["time", "time"], [["time"]], 3])
def test_what_is_no_element_holds_the_case(elements: object):
    with pytest.raises(OperationFailed):
        asked(FIVE, elements=elements)
