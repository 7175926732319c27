"""Commands about who said something in confidence, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from engine.commands.unmasking import ask_identity, decide_identity, read_identity
from engine.domain.people import UnitFunction
from tests.cases import NOW, Case
from tests.commands.test_unmasking import INSPECTORATE, TEAM, TEXT, WHY, ask, decide, duty, told
from tests.office import Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]


def _told(offices: Offices) -> Case:
    office = offices.open("chorus")
    duty(office, TEAM, UnitFunction.TEAM)
    duty(office, INSPECTORATE, UnitFunction.INSPECTORATE)
    return told(office)


def _ask(offices: Offices) -> Deed:
    case = _told(offices)
    actor = case.office.actor(TEAM, NOW)
    return case.office, partial(
        ask_identity, case.office.desk, actor, instance_id=case.id, remark=TEXT, reason=WHY, now=NOW
    )


def _decide(offices: Offices) -> Deed:
    case = _told(offices)
    request, actor = ask(case), case.office.actor(INSPECTORATE, NOW)
    return case.office, partial(
        decide_identity, case.office.desk, actor, unmasking_id=request, granted=True, reason=WHY,
        now=NOW,
    )  # fmt: skip


def _read(offices: Offices) -> Deed:
    case = _told(offices)
    request, actor = ask(case), case.office.actor(TEAM, NOW)
    decide(case, request)
    return case.office, partial(
        read_identity, case.office.desk, actor, unmasking_id=request, now=NOW
    )


WHOLE = {"ask for an identity": _ask, "open an identity": _decide, "read an identity": _read}
NO_ROWS = {"read an identity"}
