"""A message that is kept reaches every case that waits for it, whatever ended in between."""

from engine.jobs.kept_messages import deliver_kept_messages
from engine.jobs.runner import Runner
from tests.cases import NOW, Case, problems
from tests.commands.contests import WORDS, set_achievement
from tests.commands.test_achievement import level
from tests.commands.test_crash import crashes
from tests.jobs.test_timers import spoil
from tests.office import Office
from tests.ready import Offices


def deliver(office: Office) -> int:
    return deliver_kept_messages(office.desk, office.agency_id, now=NOW)


def waiting(office: Office, person: str) -> Case:
    case = Case.start(office, person)
    case.complete(person, "report", WORDS)
    return case


def set_and_crash(office: Office) -> None:
    """Set the achievement and end before any case has heard of it."""
    for _statement in crashes(lambda: set_achievement(office)):
        if level(office):
            return


def test_cases_that_a_crash_left_waiting_go_on_once(offices: Offices):
    office = offices.open("contest")
    cases = [waiting(office, person) for person in ("analyst", "clerk", "auditor")]
    set_and_crash(office)
    asleep = [set(case.open) for case in cases]

    first, second = deliver(office), deliver(office)

    assert asleep == [set(), set(), set()]
    assert (first, second) == (2, 0)
    assert [set(case.open) for case in cases] == [{"rate"}, {"rate"}, set()]
    assert cases[0].actions.count("message.received") == 1
    assert problems(office) == []


def test_a_case_that_cannot_be_read_does_not_stop_the_others(offices: Offices):
    office = offices.open("contest")
    poisoned, sound = waiting(office, "analyst"), waiting(office, "clerk")
    set_and_crash(office)
    spoil(poisoned)

    assert deliver(office) == 1
    assert set(sound.open) == {"rate"}


def test_the_runner_wakes_them(offices: Offices):
    office = offices.open("contest")
    case = waiting(office, "analyst")
    set_and_crash(office)

    Runner(office.desk, lambda: NOW).run_once()

    assert set(case.open) == {"rate"}
