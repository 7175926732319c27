"""Commands about who holds work, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from engine.commands.complete import key_in
from engine.commands.keying_in import attach_scan
from tests.cases import Case
from tests.commands.contests import RATED, WORDS, to_be_rated
from tests.commands.holding import act, give_to, hand_to, reminded
from tests.commands.papers import NOW, PDF, filled, item, on_paper, proof
from tests.office import Office
from tests.ready import Offices
from tests.teams import OPERATOR

Deed = tuple[Office, Callable[[], object]]


def _checking(offices: Offices) -> Case:
    case = Case.start(offices.open("counter"))
    case.complete("analyst", "report", WORDS)
    return case


def _claim(offices: Offices) -> Deed:
    case = _checking(offices)
    return case.office, partial(act, case, "hr_officer", "claim", case.open["check"].id)


def _release(offices: Offices) -> Deed:
    case = _checking(offices)
    item = case.open["check"].id
    act(case, "hr_officer", "claim", item)
    return case.office, partial(act, case, "hr_officer", "release", item)


def _delegate(offices: Offices) -> Deed:
    case = _checking(offices)
    return case.office, partial(hand_to, case, "hr_officer", case.open["check"].id, "clerk")


def _return(offices: Offices) -> Deed:
    case = _checking(offices)
    item = case.open["check"].id
    hand_to(case, "hr_officer", item, "clerk")
    return case.office, partial(act, case, "clerk", "return", item)


def _reassign(offices: Offices) -> Deed:
    case = _checking(offices)
    return case.office, partial(give_to, case, "hr_officer", case.open["check"].id, "clerk")


def _remind(offices: Offices) -> Deed:
    case = _checking(offices)
    return case.office, partial(reminded, case, "hr_officer", case.open["check"].id)


def _recall(offices: Offices) -> Deed:
    case = to_be_rated(offices.open("contest"))
    done = case.complete("division_head", "rate", RATED)
    return case.office, partial(act, case, "division_head", "recall", done.item_id)


def _key_in(offices: Offices) -> Deed:
    case = on_paper(offices.open())
    desk, actor = case.office.desk, case.office.actor(OPERATOR, NOW)
    answers = {**filled(case), **proof(case)}
    return case.office, partial(key_in, desk, actor, item_id=item(case), answers=answers, now=NOW)


def _attach_scan(offices: Offices) -> Deed:
    case = on_paper(offices.open())
    desk, actor = case.office.desk, case.office.actor(OPERATOR, NOW)
    file = {"item_id": item(case), "name": "kertas.pdf", "content": PDF}
    return case.office, partial(attach_scan, desk, actor, **file, now=NOW)


WHOLE = {
    "key_in": _key_in,
    "attach_scan": _attach_scan,
    "claim": _claim,
    "release": _release,
    "delegate": _delegate,
    "return": _return,
    "reassign": _reassign,
    "remind": _remind,
    "recall": _recall,
}
