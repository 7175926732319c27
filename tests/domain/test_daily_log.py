"""What an entry of the daily log may be, and until when a month may be changed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.daily_log import Activity, LogRules, findings, months_between
from engine.domain.daily_log_settings import log_rules_of
from engine.domain.log_content import LogContent, Piece, PieceKind, content_of, wrong_pieces

RULES = LogRules(3, 5, 720, 960, 5, 5, 3)
TABLE = dict(vars(RULES))
TODAY = date(2026, 3, 20)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
GOOD = Activity(TODAY, "Menyusun laporan", 60, Decimal(1))


def rules_broken(today: date = TODAY, others: int = 0, **changes: object) -> dict[str, str | None]:
    found = findings(replace(GOOD, **changes), RULES, YEAR, today, others)
    return {finding.rule.removeprefix("daily_log."): finding.element_id for finding in found}


def test_an_entry_within_all_limits_is_accepted() -> None:
    assert rules_broken() == {}


@pytest.mark.parametrize(
    ("minutes", "broken"), [(4, True), (5, False), (720, False), (721, True), (None, True)]
)
def test_an_activity_takes_from_5_to_720_minutes(minutes: int | None, broken: bool) -> None:
    assert ("minutes" in rules_broken(minutes=minutes)) is broken


@pytest.mark.parametrize(("others", "broken"), [(900, False), (901, True)])
def test_a_day_has_at_most_960_minutes(others: int, broken: bool) -> None:
    assert ("day_full" in rules_broken(others=others)) is broken


@pytest.mark.parametrize(("text", "broken"), [("a" * 9, True), ("a" * 10, False), (" " * 12, True)])
def test_an_activity_is_told_in_ten_letters(text: str, broken: bool) -> None:
    assert ("activity" in rules_broken(text=text)) is broken


@pytest.mark.parametrize(
    ("quantity", "broken"),
    [("0", False), ("2.25", False), ("-1", True), ("0.001", True), ("NaN", True)],
)
def test_what_came_out_is_counted_from_0_with_two_places(quantity: str, broken: bool) -> None:
    assert ("quantity" in rules_broken(quantity=Decimal(quantity))) is broken


def test_without_a_quantity_nothing_is_counted() -> None:
    assert rules_broken(quantity=None) == {"quantity": "quantity"}


@pytest.mark.parametrize(("day", "late"), [(17, False), (16, True)])
def test_after_three_days_an_entry_needs_a_reason(day: int, late: bool) -> None:
    on = TODAY.replace(day=day)

    assert ("late" in rules_broken(day=on)) is late
    assert "late" not in rules_broken(day=on, late_reason="Bertugas di kampung")


def test_tomorrow_cannot_be_entered() -> None:
    assert rules_broken(day=date(2026, 3, 21)) == {"future": "day"}


def test_a_day_outside_the_period_cannot_be_entered() -> None:
    broken = rules_broken(day=date(2025, 12, 31), today=date(2026, 1, 2))

    assert broken == {"outside": "day"}


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_end_of_the_calendar_is_outside_like_any_other(day: date) -> None:
    assert "outside" in rules_broken(day=day, late_reason="Bertugas di kampung")


def test_what_was_given_back_is_late_only_if_it_came_late() -> None:
    day = TODAY.replace(day=2)

    assert rules_broken(day=day, first_entered=day) == {}
    assert rules_broken(day=day, first_entered=TODAY) == {"late": "late_reason"}


def test_five_pieces_of_evidence_are_the_most() -> None:
    assert rules_broken(evidence=5) == {}
    assert rules_broken(evidence=6) == {"evidence": "evidence"}


def test_a_month_may_be_changed_through_the_fifth_of_the_next() -> None:
    february = date(2026, 2, 28)

    assert not RULES.is_locked(february, date(2026, 3, 5))
    assert RULES.is_locked(february, date(2026, 3, 6))
    assert RULES.last_change(date(2026, 12, 31)) == date(2027, 1, 5)


def test_a_locked_day_is_refused_whatever_the_reason() -> None:
    broken = rules_broken(day=date(2026, 2, 28), late_reason="Bertugas di kampung")

    assert broken == {"month_locked": "day"}


def test_the_latest_locked_month_ends_before_the_one_that_is_open() -> None:
    assert RULES.locked_through(date(2026, 3, 5)) == date(2026, 1, 31)
    assert RULES.locked_through(date(2026, 3, 6)) == date(2026, 2, 28)


def test_months_are_locked_one_by_one_from_where_the_last_round_ended() -> None:
    through = date(2026, 3, 31)

    assert months_between(None, YEAR[0], through) == (
        date(2026, 1, 31), date(2026, 2, 28), through
    )  # fmt: skip
    assert months_between(date(2026, 2, 28), YEAR[0], through) == (through,)
    assert months_between(through, YEAR[0], through) == ()


def test_limits_are_read_from_the_settings() -> None:
    assert log_rules_of({"daily_log": TABLE}) == RULES


def test_without_a_table_there_is_no_log() -> None:
    assert log_rules_of({}) is None


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"lock_day": 31}, "daily_log.lock_day"),
        ({"answer_days": True}, "daily_log.answer_days"),
        ({"most_minutes": 1000}, "must grow"),
        ({"most_hours": 12}, "must be a table of"),
    ],
)
def test_limits_that_nobody_could_keep_are_refused(changes: dict, named: str) -> None:
    with pytest.raises((ValueError, TypeError), match=named):
        log_rules_of({"daily_log": TABLE | changes})


def test_a_limit_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="lock_day"):
        log_rules_of({"daily_log": {k: v for k, v in TABLE.items() if k != "lock_day"}})


def test_content_is_read_back_as_it_was_written() -> None:
    piece = Piece(PieceKind.FILE, "foto é.jpg", "ab")
    content = LogContent("Menyusun laporan", "Layanan", "Sakit", (piece,))

    assert content_of(content.as_bytes()) == content


@pytest.mark.parametrize(
    ("piece", "place"),
    [
        (Piece(PieceKind.LINK, "javascript:alert(1)"), "link"),
        (Piece(PieceKind.LINK, "https://" + "a" * 500), "link"),
        (Piece(PieceKind.PAPER, "  "), "paper"),
    ],
)
def test_a_link_leads_somewhere_and_a_paper_has_a_number(piece: Piece, place: str) -> None:
    assert [finding.element_id for finding in wrong_pieces([piece])] == [place]


def test_links_and_papers_as_people_write_them_are_accepted() -> None:
    link = Piece(PieceKind.LINK, "https://contoh.go.id/berkas")

    assert wrong_pieces([link, Piece(PieceKind.PAPER, "800/12/2026")]) == []
