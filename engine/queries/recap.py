"""The results of a period by NIP, for comparing them with another system's recap."""

from sqlalchemy import and_, select

from engine.domain.appraisal import Predicate
from engine.domain.recap import OwnResult
from engine.store import tables as t
from engine.store.database import Transaction


def own_results(tx: Transaction, cycle_id: str) -> dict[str, OwnResult]:
    """Everybody of the agency with what the period says of him, by NIP."""
    who, run, figures, unit = t.employee, t.instance, t.appraisal, t.org_unit
    of_person = and_(
        run.c.agency_id == who.c.agency_id,
        run.c.subject_id == who.c.id,
        run.c.cycle_id == cycle_id,
        t.IS_MAIN,
    )
    of_case = and_(figures.c.agency_id == run.c.agency_id, figures.c.instance_id == run.c.id)
    of_unit = and_(unit.c.agency_id == figures.c.agency_id, unit.c.id == figures.c.unit_id)
    statement = (
        select(
            who.c.nip,
            who.c.name,
            unit.c.name.label("unit"),
            figures.c.instance_id,
            figures.c.predicate,
            figures.c.final_at,
            figures.c.appeal_open,
        )
        .select_from(
            who.outerjoin(run, of_person).outerjoin(figures, of_case).outerjoin(unit, of_unit)
        )
        .where(who.c.agency_id == tx.agency_id)
        .order_by(who.c.name, who.c.nip)
    )
    return {
        row.nip: OwnResult(
            row.nip,
            row.name,
            row.unit or "",
            row.instance_id is not None,
            Predicate(row.predicate) if row.predicate else None,
            row.final_at is not None,
            bool(row.appeal_open),
        )
        for row in tx.connection.execute(statement)
    }
