"""Two recaps of the same people: what agrees, what differs, and how."""

import pytest

from engine.domain.appraisal import Predicate
from engine.domain.recap import Difference, OwnResult, RecapLine, compare, predicate_of

GOOD = OwnResult("1", "Ani", "Unit", has_case=True, predicate=Predicate.GOOD, final=True)


def kinds(lines: list[RecapLine], *own: OwnResult) -> list[Difference]:
    return [one.kind for one in compare(lines, {held.nip: held for held in own})[1]]


def test_the_same_final_predicate_agrees_however_it_is_written() -> None:
    agreeing, differing = compare([RecapLine(2, "1", " BAIK ")], {"1": GOOD})

    assert (agreeing, differing) == (1, ())


@pytest.mark.parametrize(
    ("word", "predicate"),
    [
        ("Sangat Baik", Predicate.VERY_GOOD),
        ("Butuh Perbaikan", Predicate.NEEDS_IMPROVEMENT),
        ("Cukup", Predicate.NEEDS_IMPROVEMENT),
        ("Kurang (misconduct)", Predicate.POOR),
        ("KURANG/MISCONDUCT", Predicate.POOR),
        ("sangat  kurang", Predicate.VERY_POOR),
        ("Sangat", None),
        ("", None),
        ("90", None),
    ],
)
def test_only_the_words_of_the_five_predicates_are_read(
    word: str, predicate: Predicate | None
) -> None:
    assert predicate_of(word) is predicate


def test_another_predicate_differs() -> None:
    assert kinds([RecapLine(2, "1", "Sangat Baik")], GOOD) == [Difference.PREDICATE]


def test_a_person_may_stand_there_once() -> None:
    lines = [RecapLine(2, "1", "Baik"), RecapLine(3, "1", "Baik")]

    agreeing, differing = compare(lines, {"1": GOOD})

    assert (agreeing, [one.kind for one in differing]) == (1, [Difference.TWICE])


def test_who_is_not_final_here_is_no_agreement() -> None:
    open_case = OwnResult("1", "Ani", "Unit", has_case=True, predicate=Predicate.GOOD)

    assert kinds([RecapLine(2, "1", "Baik")], open_case) == [Difference.NOT_FINAL]


def test_people_on_one_side_only_are_told() -> None:
    nobody = OwnResult("2", "Budi", "", has_case=False)

    found = kinds([RecapLine(2, "2", "Baik"), RecapLine(3, "9", "Baik")], GOOD, nobody)

    assert found == [Difference.UNKNOWN_PERSON, Difference.ONLY_THERE, Difference.ONLY_HERE]


def test_every_line_is_counted_once() -> None:
    lines = [RecapLine(n, str(n), "Baik") for n in range(1, 6)]

    agreeing, differing = compare(lines, {"1": GOOD})

    assert agreeing + len(differing) == len(lines)
