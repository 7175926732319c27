"""What imports of measured figures hold of that which events vouch for; read for `vouched` only."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Row, false, select, true, union_all

from engine.domain.audit import ProblemKind
from engine.store import rows, tables
from engine.store.audit import object_chain
from engine.store.measured_facts import fact_sha256, facts_sha256
from engine.store.vouched_rows import Reading, Stored, joined

_fact = tables.measured_fact


def _touched() -> Any:
    """Each fact under the import that brought it, and under the one that replaced it."""
    said = ("kind", "unit_id", "employee_id", "on_day", "body", "imported_by")
    columns = [_fact.c[name] for name in said]
    brought = select(_fact.c.import_id.label("of_import"), true().label("is_own"), *columns)
    replaced = select(_fact.c.replaced_by, false(), *columns).where(
        _fact.c.replaced_by.is_not(None)
    )
    both = union_all(brought.where(rows.own(_fact)), replaced.where(rows.own(_fact))).subquery()
    return select(both).order_by(both.c.of_import)


def _imports(found: Iterable[Row[Any]]) -> Stored:
    """One import at a time: one hash over what it brought, how many it replaced, who brought it."""
    for import_id, touched in groupby(found, key=lambda row: str(row.of_import)):
        own, replaced = [], 0
        kinds, people = set(), set()
        for row in touched:
            kinds.add(row.kind)
            if row.is_own:
                own.append(fact_sha256(row))
                people.add(row.imported_by)
            else:
                replaced += 1
        digest = joined(facts_sha256(own), replaced, *sorted(people))
        yield (object_chain("figures", "|".join(sorted(kinds))), import_id), digest


IMPORTED: Reading = {ProblemKind.FIGURES: (_touched(), _imports)}
