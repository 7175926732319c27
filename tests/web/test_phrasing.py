"""Instants, due dates, numbers and names as people say them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from api.i18n import load_words
from api.web import trail_words
from api.web.phrasing import Phrasing
from engine.domain.actions import Action
from engine.errors import Finding

WORDS = load_words()
# 23 November 2026, 10.42 in Jayapura.
NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
END_OF_TODAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


def say(language: str = "id", zone: str = "Asia/Jayapura") -> Phrasing:
    return Phrasing(WORDS[language], zone, NOW)


def test_a_date_is_said_with_its_weekday() -> None:
    assert say().date(date(2026, 11, 23)) == "Senin, 23 November 2026"
    assert say("en").date(date(2026, 11, 23)) == "Monday, 23 November 2026"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "23 Nov 2026 08.42 WIB"),
        ("Asia/Makassar", "23 Nov 2026 09.42 WITA"),
        ("Asia/Jayapura", "23 Nov 2026 10.42 WIT"),
    ],
)
def test_an_instant_is_said_in_the_zone_of_the_agency(zone: str, shown: str) -> None:
    assert say(zone=zone).instant(NOW) == shown


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-4, "terlambat 4 hari", "bad"),
        (-1, "terlambat 1 hari", "bad"),
        (0, "hari ini", "warn"),
        (1, "besok", "warn"),
        (3, "sisa 3 hari", "warn"),
        (12, "sisa 12 hari", ""),
    ],
)
def test_a_due_date_is_said_in_words(days: int, words: str, tone: str) -> None:
    due_at = END_OF_TODAY + timedelta(days=days)

    assert say().due(due_at) == words
    assert say().due_tone(due_at) == tone


def test_the_last_day_is_the_one_before_the_first_instant_that_is_too_late() -> None:
    assert say().last_day(END_OF_TODAY) == "Senin, 23 November 2026"


def test_a_row_that_stands_beside_its_finding_is_not_said_again() -> None:
    found = Finding("sheet.empty", params={"row": "3", "column": "NIP"})

    assert say().finding(found) == "Baris 3: kolom NIP kosong."
    assert say().finding_in_row(found) == "Kolom NIP kosong."


def test_a_nip_never_shows_the_birth_date() -> None:
    shown = say().nip("198704122010012003")

    assert shown == "•••••••• 201001 2 003"
    assert "19870412" not in shown


def test_numbers_and_sizes_are_in_indonesian_notation() -> None:
    assert say().number(Decimal("1234.50")) == "1.234,5"
    assert say().size(1_345_678) == "1,3 MB"
    assert say().size(2_048) == "2 KB"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Yuliana Wenda", "YW"), ("Dr. Markus Kogoya, M.Si.", "MK"), ("Suparno", "S")],
)
def test_initials_leave_academic_titles_out(name: str, initials: str) -> None:
    assert say().initials(name) == initials


def test_predicates_carry_the_words_of_the_law() -> None:
    codes = ("very_good", "good", "needs_improvement", "poor", "very_poor")

    assert [say().label("predicate", code) for code in codes] == [
        "Sangat Baik",
        "Baik",
        "Butuh Perbaikan",
        "Kurang (misconduct)",
        "Sangat Kurang",
    ]


def test_every_action_of_the_trail_has_a_name_and_a_sentence() -> None:
    assert set(trail_words.WORDS) == set(Action)
