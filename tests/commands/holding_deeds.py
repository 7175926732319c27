"""Commands about who holds work, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from tests.cases import Case
from tests.commands.contests import RATED, WORDS, to_be_rated
from tests.commands.holding import act, give_to, hand_to, reminded
from tests.office import Office
from tests.ready import Offices

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


WHOLE = {
    "claim": _claim,
    "release": _release,
    "delegate": _delegate,
    "return": _return,
    "reassign": _reassign,
    "remind": _remind,
    "recall": _recall,
}
