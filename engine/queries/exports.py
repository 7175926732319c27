"""The results of a cycle row by row, for files that leave the product."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, literal, select

from engine.store import tables as t
from engine.store.database import Transaction

PAGE = 1_000


class ExportColumn(StrEnum):
    """What an export may hold; the order is the agency's own."""

    NIP = "nip"
    NAME = "name"
    KIND = "kind"
    GRADE = "grade"
    UNIT = "unit"
    RATER_NIP = "rater_nip"
    RATER = "rater"
    SUPERIOR = "rater_superior"
    RESULT_RATING = "result_rating"
    BEHAVIOUR_RATING = "behaviour_rating"
    PREDICATE = "predicate"
    RESULT_STATE = "result_state"
    LOCAL_SCORE = "local_score"
    APPEAL_OPEN = "appeal_open"
    STATUS = "status"
    VERSION = "version"
    DELIVERED_AT = "delivered_at"
    FINAL_AT = "final_at"


USUAL = (
    ExportColumn.NIP,
    ExportColumn.NAME,
    ExportColumn.UNIT,
    ExportColumn.PREDICATE,
    ExportColumn.RESULT_STATE,
    ExportColumn.FINAL_AT,
)


class ResultState(StrEnum):
    """How certain a predicate is."""

    NOT_DELIVERED = "not_delivered"
    DELIVERED = "delivered"
    UNDER_APPEAL = "under_appeal"
    FINAL = "final"


Value = str | int | bool | datetime | None


def results(
    tx: Transaction, cycle_id: str, columns: tuple[ExportColumn, ...]
) -> Iterator[tuple[Value, ...]]:
    """A row for each case that was not cancelled, in pages by id; values as they are stored."""
    run = t.instance
    chosen = _columns()
    statement = _joined(tx, cycle_id, run.c.id, *(chosen[column] for column in columns))
    after = ""
    while True:
        page = tx.connection.execute(statement.where(run.c.id > after).limit(PAGE)).all()
        for row in page:
            yield tuple(row[1:])
        if len(page) < PAGE:
            return
        after = page[-1][0]


def with_marks(columns: Iterable[ExportColumn]) -> tuple[ExportColumn, ...]:
    """The columns, with the mark beside each predicate that tells whether it may still change."""
    chosen = list(dict.fromkeys(columns))
    if ExportColumn.PREDICATE in chosen and ExportColumn.RESULT_STATE not in chosen:
        chosen.insert(chosen.index(ExportColumn.PREDICATE) + 1, ExportColumn.RESULT_STATE)
    return tuple(chosen)


def _result_state() -> Any:
    figures = t.appraisal.c
    return case(
        (figures.predicate.is_(None), literal(None)),
        (figures.appeal_open, ResultState.UNDER_APPEAL.value),
        (figures.final_at.is_not(None), ResultState.FINAL.value),
        (figures.delivered_at.is_not(None), ResultState.DELIVERED.value),
        else_=ResultState.NOT_DELIVERED.value,
    )


def _columns() -> dict[ExportColumn, Any]:
    who, rater, superior = _people()
    figures, run = t.appraisal, t.instance
    return {
        ExportColumn.NIP: who.c.nip,
        ExportColumn.NAME: who.c.name,
        ExportColumn.KIND: who.c.kind,
        ExportColumn.GRADE: who.c.grade,
        ExportColumn.UNIT: t.org_unit.c.name,
        ExportColumn.RATER_NIP: rater.c.nip,
        ExportColumn.RATER: rater.c.name,
        ExportColumn.SUPERIOR: superior.c.name,
        ExportColumn.RESULT_RATING: figures.c.result_rating,
        ExportColumn.BEHAVIOUR_RATING: figures.c.behaviour_rating,
        ExportColumn.PREDICATE: figures.c.predicate,
        ExportColumn.RESULT_STATE: _result_state(),
        ExportColumn.LOCAL_SCORE: figures.c.local_score,
        ExportColumn.APPEAL_OPEN: figures.c.appeal_open,
        ExportColumn.STATUS: run.c.status,
        ExportColumn.VERSION: figures.c.result_version,
        ExportColumn.DELIVERED_AT: figures.c.delivered_at,
        ExportColumn.FINAL_AT: figures.c.final_at,
    }


_WHO = t.employee
_RATER, _SUPERIOR = t.employee.alias("rater"), t.employee.alias("superior")


def _people() -> tuple[Any, Any, Any]:
    return _WHO, _RATER, _SUPERIOR


def _joined(tx: Transaction, cycle_id: str, *columns: Any) -> Any:
    who, rater, superior = _people()
    figures, run, unit = t.appraisal, t.instance, t.org_unit
    agency = run.c.agency_id

    def same(table: Any, key: Any, other: Any) -> Any:
        return and_(table.c.agency_id == agency, key == other)

    joined = (
        run.join(figures, same(figures, figures.c.instance_id, run.c.id))
        .join(who, same(who, who.c.id, run.c.subject_id))
        .join(unit, same(unit, unit.c.id, run.c.unit_id))
        .outerjoin(rater, same(rater, rater.c.id, figures.c.rater_id))
        .outerjoin(superior, same(superior, superior.c.id, figures.c.rater_superior_id))
    )
    return (
        select(*columns)
        .select_from(joined)
        .where(
            agency == tx.agency_id,
            t.IS_MAIN,
            run.c.cycle_id == cycle_id,
            run.c.status != "cancelled",
        )
        .order_by(run.c.id)
    )
