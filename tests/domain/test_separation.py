"""Who may not do a step, told from what was handed in before."""

from engine.domain.people import EmployeeId
from engine.domain.separation import HandedIn, Separation, barred

FIRST, SECOND, HEAD = EmployeeId("first"), EmployeeId("second"), EmployeeId("head")
CONFIRMS = Separation(from_steps=frozenset({"name"}))


def apart(asked: Separation, *done: HandedIn) -> frozenset[EmployeeId]:
    return barred(asked, rater=None, done=iter(done), prepared=())


def test_who_did_a_step_does_not_check_it_nor_does_he_in_whose_name_it_was_done() -> None:
    assert apart(CONFIRMS, HandedIn("name", FIRST, on_behalf_of=HEAD)) == {FIRST, HEAD}


def test_who_did_a_step_that_another_did_anew_may_check_that_one() -> None:
    assert apart(CONFIRMS, HandedIn("name", FIRST), HandedIn("name", SECOND)) == {SECOND}


def test_who_ever_took_part_stays_apart_however_often_the_step_was_done() -> None:
    asked = Separation(from_participants=True)
    done = (HandedIn("rate", FIRST, participation="rating"),
            HandedIn("rate", SECOND, participation="rating"))  # fmt: skip

    assert apart(asked, *done) == {FIRST, SECOND}
