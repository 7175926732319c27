"""What the separation of duties leaves to an actor among the rows of a list, asked all at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from sqlalchemy import and_, select, union_all

from engine.domain.access import CaseAccess, Verb, WorkAccess, can
from engine.domain.confidence import is_sealed
from engine.domain.people import Actor, EmployeeId, UnitFunction, UnitId
from engine.domain.process import DefinitionId
from engine.domain.separation import HandedIn, Separation, barred
from engine.queries.people import AnyRow
from engine.store import tables as t
from engine.store.database import Transaction

# The properties of a step of a deployed definition.
PropertiesOf = Callable[[Transaction, DefinitionId, str], Mapping[str, str]]
DOING = (Verb.PREPARE_WORK, Verb.TAKE_OVER_WORK)
# Whom a separation of duties keeps away from a step of a case.
Barring = Callable[[Separation, str], frozenset[EmployeeId]]
# No step of a case has this name.
BESIDE = ""


def open_among(
    tx: Transaction, rows: Sequence[AnyRow], *, actor: Actor, properties_of: PropertiesOf
) -> frozenset[str]:
    """The ids of the work items that the actor may do; each row holds a work item and its case."""
    steps = {(row.definition_id, row.element_id) for row in rows}
    drawn = {step: properties_of(tx, *step) for step in steps}
    of_step = {step: Separation.of(properties) for step, properties in drawn.items()}
    asked = {row.id: of_step[row.definition_id, row.element_id] for row in rows}
    separated = [row for row in rows if asked[row.id]]
    if not separated:
        return frozenset(asked)
    persons_of = _barring(tx, {r.instance_id for r in separated if asked[r.id].from_others})
    refused = set()
    for row in separated:
        persons = persons_of(asked[row.id], row.instance_id)
        sealed = is_sealed(drawn[row.definition_id, row.element_id])
        work = _work(tx, row, asked[row.id], persons, sealed=sealed)
        if not any(can(actor, verb, work) for verb in DOING):
            refused.add(row.id)
    return frozenset(asked.keys() - refused)


def work_of(
    tx: Transaction, row: AnyRow, properties: Mapping[str, str], *, signs: bool
) -> WorkAccess:
    """What the access rules need of the work item of one row."""
    asked, case = Separation.of(properties), row.instance_id
    persons = _barring(tx, {case} if asked.from_others else set())(asked, case)
    return _work(tx, row, asked, persons, signs=signs, sealed=is_sealed(properties))


def _work(
    tx: Transaction,
    row: AnyRow,
    asked: Separation,
    persons: frozenset[EmployeeId],
    *,
    signs: bool = False,
    sealed: bool = False,
) -> WorkAccess:
    return WorkAccess(
        CaseAccess(tx.agency_id, EmployeeId(row.subject_id), unit_id=UnitId(row.unit_id)),
        row.assignee_id,
        UnitFunction(row.function) if row.function else None,
        row.offered_to,
        claimed_by=row.claimed_by,
        delegated_to=row.delegated_to,
        signs=signs,
        apart_from_subject=asked.from_subject,
        barred=persons,
        named=row.kept_apart,
        sealed=sealed,
    )


def _barring(tx: Transaction, cases: AbstractSet[str]) -> Barring:
    """What the rows say of these cases, read at once."""
    if not cases:
        return lambda _asked, _case: frozenset()
    raters, done, prepared = _raters(tx, cases), _handed_in(tx, cases), _prepared(tx, cases)
    return lambda asked, case: barred(
        asked, rater=raters.get(case), done=done[case], prepared=prepared[case]
    )


def _raters(tx: Transaction, cases: Iterable[str]) -> dict[str, EmployeeId]:
    figures = t.appraisal.c
    statement = select(figures.instance_id, figures.rater_id).where(
        figures.agency_id == tx.agency_id, figures.instance_id.in_(sorted(cases))
    )
    return {row.instance_id: row.rater_id for row in tx.connection.execute(statement)}


def _handed_in(tx: Transaction, cases: Iterable[str]) -> dict[str, list[HandedIn]]:
    """What was handed in and not taken back, the oldest first.

    Of what ran beside a case only who took part counts: its steps are none of the case.
    """
    around = _around(tx, cases)
    sent, item = t.submission.c, t.work_item.c
    statement = (
        select(
            sent.instance_id, sent.element_id, sent.actor_id, sent.on_behalf_of, sent.participation
        )
        .join(t.work_item, (item.agency_id == sent.agency_id) & (item.id == sent.work_item_id))
        .where(
            sent.agency_id == tx.agency_id,
            sent.instance_id.in_(sorted(around)),
            item.state == "completed",
        )
        .order_by(sent.at, sent.id)
    )
    found: dict[str, list[HandedIn]] = defaultdict(list)
    for row in tx.connection.execute(statement):
        done = HandedIn(*row[1:])
        for case in around[row.instance_id]:
            own = case == row.instance_id
            found[case].append(done if own else replace(done, element_id=BESIDE))
    return found


def _around(tx: Transaction, cases: Iterable[str]) -> dict[str, list[str]]:
    """All that ran about the person of a case in its cycle, by id, with the cases it counts for."""
    own, around = t.instance.alias("own").c, t.instance.alias("around").c
    same = and_(
        around.agency_id == own.agency_id,
        around.cycle_id == own.cycle_id,
        around.subject_id == own.subject_id,
    )
    statement = select(around.id, own.id).where(
        own.agency_id == tx.agency_id, own.id.in_(sorted(cases)), same
    )
    found: dict[str, list[str]] = defaultdict(list)
    for key, case in tx.connection.execute(statement):
        found[key].append(case)
    return found


def _prepared(tx: Transaction, cases: Iterable[str]) -> dict[str, list[EmployeeId]]:
    given, drafted, among = t.delegation.c, t.prepared_draft.c, sorted(cases)
    statement = union_all(
        select(given.instance_id, given.delegate_id).where(
            given.agency_id == tx.agency_id, given.instance_id.in_(among)
        ),
        select(drafted.instance_id, drafted.operator_id).where(
            drafted.agency_id == tx.agency_id,
            drafted.instance_id.in_(among),
            drafted.handed_at.is_not(None),
        ),
    )
    found: dict[str, list[EmployeeId]] = defaultdict(list)
    for row in tx.connection.execute(statement):
        found[row.instance_id].append(row.delegate_id)
    return found
