"""What rows hold of that which events vouch for, by chain and name; read for `vouched` only."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Table, and_, bindparam, func, select

from engine.domain.audit import ProblemKind, instant_text
from engine.domain.citizen_survey import ELEMENTS, FLOOR
from engine.domain.monthly_recap import seal_of
from engine.errors import TrailBroken
from engine.store import rows, tables
from engine.store.audit import object_chain
from engine.store.case_records import record_sha256 as kept_sha256
from engine.store.extensions import Outcome
from engine.store.result_sheets import record_sha256
from engine.store.results import figures_sha256
from engine.store.sealing import Sealed, SealingKey, open_committed

_instance, _key = tables.instance, tables.sealing_key
_IN_CHAINS: Any = bindparam("chains", expanding=True)
# What no digest equals: a row whose content does not open to what its event sealed.
_BROKEN = ""
# Digests by chain and name of the row, one after the other.
Stored = Iterator[tuple[tuple[str, str], str]]
Reading = Mapping[ProblemKind, tuple[Any, Callable[[Iterable[Any]], Stored]]]
RATED = ("result_rating", "behaviour_rating", "predicate", "local_score")
OF_RESULT = (*RATED, "decided_by", "figures_sha256")


def joined(*parts: object) -> str:
    """A digest, or the name of a row, of several parts."""
    return "|".join(str(part) for part in parts)


def _of_chains(table: Table, *columns: str) -> Any:
    return select(*(table.c[name] for name in ("instance_id", *columns))).where(
        rows.own(table), table.c.instance_id.in_(_IN_CHAINS)
    )


def _with_key(table: Table, name: str) -> Any:
    """Sealed rows with the key of their case; the first two columns say which row it is."""
    of_case = and_(
        _instance.c.agency_id == table.c.agency_id, _instance.c.id == table.c.instance_id
    )
    its_key = and_(
        _key.c.agency_id == _instance.c.agency_id, _key.c.id == _instance.c.sealing_key_id
    )
    columns = (_key.c[column] for column in ("id", "employee_id", "period", "key", "created_at"))
    return (
        _of_chains(table, name, "commitment", "payload")
        .add_columns(*columns)
        .join(_instance, of_case)
        .join(_key, its_key)
    )


def _sealed(found: Iterable[Any]) -> Stored:
    for chain_id, name, commitment, payload, *key in found:
        sealed = Sealed(payload, commitment)
        yield (chain_id, name), vouched_commitment(SealingKey(*key), sealed)


def vouched_commitment(key: SealingKey, sealed: Sealed) -> str:
    """The commitment of sealed content that opens to it, or whose key is destroyed."""
    return sealed.commitment if key.key is None or _opens(key, sealed) else _BROKEN


def _opens(key: SealingKey, sealed: Sealed) -> bool:
    try:
        open_committed(key, sealed)
    except TrailBroken:
        return False
    return True


def _written() -> Any:
    """What was written down about follow-ups, with the key of their case."""
    entry, row = tables.follow_up_entry, tables.follow_up
    of_row = and_(row.c.agency_id == entry.c.agency_id, row.c.id == entry.c.follow_up_id)
    of_case = and_(_instance.c.agency_id == row.c.agency_id, _instance.c.id == row.c.instance_id)
    its_key = and_(
        _key.c.agency_id == _instance.c.agency_id, _key.c.id == _instance.c.sealing_key_id
    )
    key = (_key.c[column] for column in ("id", "employee_id", "period", "key", "created_at"))
    return (
        select(row.c.instance_id, entry.c.id, entry.c.commitment, entry.c.payload, *key)
        .select_from(entry.join(row, of_row).join(_instance, of_case).join(_key, its_key))
        .where(rows.own(entry), row.c.instance_id.in_(_IN_CHAINS))
    )


def _months(found: Iterable[Any]) -> Stored:
    """The seals of the frozen months, made anew from their lines, one month at a time."""
    for month, lines in groupby(found, key=lambda row: str(row.month)):
        yield (
            (object_chain("recap", month), month),
            seal_of((row.employee_id, row.body) for row in lines),
        )


def _decisions(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, row.id), sha256(row.body.encode()).hexdigest()


def _sheets(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, row.id), record_sha256(row)


def _records(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, row.id), kept_sha256(row)


def _delegates(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, row.id), row.delegate_id


def _with_figures() -> Any:
    """Versions of results, with what lists and exports show of the one that holds."""
    result, figures = tables.result_version, tables.appraisal
    same = and_(
        figures.c.agency_id == result.c.agency_id,
        figures.c.instance_id == result.c.instance_id,
        figures.c.result_version == result.c.version,
    )
    shown = (figures.c[name].label(f"shown_{name}") for name in ("instance_id", *RATED))
    stored = (*RATED, "decided_by", "figures")
    return _of_chains(result, "version", *stored).add_columns(*shown).outerjoin(figures, same)


def _results(found: Iterable[Any]) -> Stored:
    for row in found:
        rated = (getattr(row, name) for name in RATED)
        decided = joined(*rated, row.decided_by, figures_sha256(row.figures))
        shown = [getattr(row, f"shown_{name}") for name in RATED]
        differs = row.shown_instance_id and shown != [getattr(row, name) for name in RATED]
        yield (row.instance_id, str(row.version)), _BROKEN if differs else decided


def _dues(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, row.id), joined(_text(row.due_at))


def _holders(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, row.id), joined(row.assignee_id, row.function)


def _extended() -> Any:
    """Where an extension moved a due date; other outcomes changed nothing."""
    result, item = tables.extension_result, tables.work_item
    of_item = and_(item.c.agency_id == result.c.agency_id, item.c.id == result.c.item_id)
    names = ("extension_id", "item_id", "old_due", "new_due")
    return (
        select(item.c.instance_id, *(result.c[name] for name in names))
        .join(item, of_item)
        .where(rows.own(result), item.c.instance_id.in_(_IN_CHAINS))
        .where(result.c.outcome == Outcome.EXTENDED.value)
    )


def _moved(found: Iterable[Any]) -> Stored:
    for row in found:
        moved = joined([_text(row.old_due), _text(row.new_due)])
        yield (row.instance_id, joined(row.extension_id, row.item_id)), moved


def _raters(found: Iterable[Any]) -> Stored:
    for row in found:
        yield (row.instance_id, ""), joined(row.rater_id, row.rater_superior_id)


def _left(found: Iterable[Any]) -> Stored:
    for row in found:
        if row.subject_left:
            yield (row.instance_id, ""), joined(True)


def _appointments(found: Iterable[Any]) -> Stored:
    for row in found:
        named = joined(row.rater_id, row.named_by, row.starts, row.ends)
        yield (object_chain("person", row.employee_id), row.id), named


def _extensions(found: Iterable[Any]) -> Stored:
    for row in found:
        asked = joined(
            _text(row.due_at), row.element_id, row.unit_id, row.instance_id, row.total,
            row.requested_by,
        )  # fmt: skip
        yield (object_chain("cycle", row.cycle_id), row.id), asked


def _answered() -> Any:
    """Closed surveys with how many answered, and the sum of their answers to each element."""
    sums = (func.coalesce(func.sum(_response.c[element.value]), 0) for element in ELEMENTS)
    same = (_response.c.agency_id == _survey.c.agency_id) & (_response.c.survey_id == _survey.c.id)
    return (
        select(_survey.c.id, func.count(_response.c.id), *sums)
        .outerjoin(_response, same)
        .where(rows.own(_survey), _survey.c.closed_at.is_not(None))
        .group_by(_survey.c.agency_id, _survey.c.id)
    )


def _surveys(found: Iterable[Any]) -> Stored:
    """Of too few the trail tells no more than their number."""
    for survey_id, count, *sums in found:
        shown = list(map(int, sums)) if count >= FLOOR else None
        yield (object_chain("survey", survey_id), survey_id), joined(count, shown)


def _text(at: datetime | None) -> str | None:
    return instant_text(at) if at else None


OF_CASES: Reading = {
    ProblemKind.SUBMISSION: (_with_key(tables.submission, "work_item_id"), _sealed),
    ProblemKind.DECISION: (_of_chains(tables.decision, "id", "body"), _decisions),
    ProblemKind.COMMENT: (_with_key(tables.case_comment, "id"), _sealed),
    ProblemKind.RESULT_SHEET: (
        _of_chains(
            tables.result_sheet, "id", "version", "language", "edition", "code_hash",
            "facts_sealed", "pdf_sha256",
        ),
        _sheets,
    ),
    ProblemKind.DELEGATION: (_of_chains(tables.delegation, "id", "delegate_id"), _delegates),
    ProblemKind.RECORD: (
        _of_chains(tables.case_record, "id", "kind", "period", "body"), _records
    ),
    ProblemKind.RESULT: (_with_figures(), _results),
    ProblemKind.DUE_DATE: (_of_chains(tables.work_item, "id", "due_at"), _dues),
    ProblemKind.HOLDER: (_of_chains(tables.work_item, "id", "assignee_id", "function"), _holders),
    ProblemKind.EXTENDED: (_extended(), _moved),
    ProblemKind.RATERS: (_of_chains(tables.appraisal, "rater_id", "rater_superior_id"), _raters),
    ProblemKind.FOLLOW_UP: (_written(), _sealed),
    ProblemKind.SUBJECT_LEFT: (_of_chains(tables.appraisal, "subject_left"), _left),
}  # fmt: skip
_appointment, _extension = tables.rater_appointment, tables.extension
_survey, _response = tables.citizen_survey, tables.survey_response
_recap_line = tables.recap_line
# Of people, cycles and surveys: few rows, each in the chain of its object.
OF_OBJECTS: Reading = {
    ProblemKind.APPOINTMENT: (select(_appointment).where(rows.own(_appointment)), _appointments),
    ProblemKind.EXTENSION: (select(_extension).where(rows.own(_extension)), _extensions),
    ProblemKind.SURVEY: (_answered(), _surveys),
    ProblemKind.RECAP: (
        select(_recap_line).where(rows.own(_recap_line)).order_by(_recap_line.c.month), _months
    ),
}  # fmt: skip
