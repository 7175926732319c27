"""The operation that brings what citizens said about a unit into the appraisal of its people."""

from collections.abc import Sequence

from engine.bpmn.environment import OperationResult
from engine.domain.citizen_survey import ELEMENTS, Element, grade_of, satisfaction_index
from engine.errors import OperationFailed
from engine.operations.registry import Facts, Operation, Values

UNIT, PERSON = "unit", "person"
NOBODY = {"index": None, "grade": None, "responses": 0, "source": "none"}


def _survey_index(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """Index from 25 to 100 over the chosen elements of the unit's closed survey in the cycle.

    None without a survey, or when fewer people answered than may be told. `elements` are `unit`
    (all nine, also where nothing is said), `person` (those that the settings choose) or a list.
    """
    elements, tally = _elements(values.get("elements"), facts), facts.unit_survey()
    if tally is None or not tally.is_told:
        return OperationResult(NOBODY, audit=NOBODY)
    index = satisfaction_index(tally, elements)
    told = {"grade": grade_of(index).value, "responses": tally.responses, "source": UNIT}
    audit = {"index": str(index), **told, "elements": [element.value for element in elements]}
    return OperationResult({"index": index, **told}, audit=audit)


def _elements(chosen: object, facts: Facts) -> Sequence[Element]:
    """Raises OperationFailed for what is no element."""
    if chosen is None or chosen == UNIT:
        return ELEMENTS
    if chosen == PERSON:
        return facts.person_elements
    try:
        found = tuple(Element(key) for key in chosen) if isinstance(chosen, list) else ()
    except ValueError:
        found = ()
    if not found or len(set(found)) < len(found):
        raise OperationFailed("operation.parameter_missing", param="elements")
    return found


OPERATIONS = (Operation("survey_index", ("elements",), _survey_index),)
