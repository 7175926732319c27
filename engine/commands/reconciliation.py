"""Compares another system's recap with the predicates of a period; nothing of it is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from engine.commands.desk import Desk
from engine.commands.permissions import demand, refusals_audited
from engine.commands.sheets import Columns, SheetLine, read_lines
from engine.domain.access import AgencyAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.people import Actor
from engine.domain.recap import Difference, Differing, RecapLine, compare
from engine.queries.recap import own_results
from engine.store import audit, cycles

COLUMNS = Columns(
    {
        "nip": ("NIP",),
        "predicate": (
            "Predikat",
            "Predikat Kinerja",
            "Predikat Kinerja Pegawai",
            "Predikat Kinerja Tahunan",
            "Hasil Akhir",
        ),
    }
)


@dataclass(frozen=True)
class Reconciliation:
    """What the comparison found; `agreeing` lines have the same final predicate on both sides."""

    cycle_id: str
    period: str
    lines: int
    agreeing: int
    differing: tuple[Differing, ...]

    @property
    def counts(self) -> Mapping[Difference, int]:
        """How many differences of each kind there are."""
        return Counter(one.kind for one in self.differing)


def reconcile(
    desk: Desk, actor: Actor, *, cycle_id: str, content: bytes, name: str, now: datetime
) -> Reconciliation:
    """Compare the first sheet of an XLSX or CSV file, by NIP; the comparison is audited.

    Raises Forbidden, NotFound, InvalidFile, or InvalidImport when the columns are missing.
    """
    with refusals_audited(desk, actor, Verb.EXPORT_RESULTS, target=cycle_id, now=now):
        demand(actor, Verb.EXPORT_RESULTS, AgencyAccess(actor.agency_id))
    lines = [_line(line) for line in read_lines(content, name, COLUMNS)]
    with desk.store.reading(actor.agency_id) as tx:
        cycle = cycles.get(tx, cycle_id)
        agreeing, differing = compare(lines, own_results(tx, cycle_id))
    found = Reconciliation(cycle.id, cycle.name, len(lines), agreeing, differing)
    values = {
        "sha256": sha256(content).hexdigest(),
        "lines": len(lines),
        "agreeing": agreeing,
        **{f"differing_{kind}": count for kind, count in found.counts.items()},
    }
    with desk.store.transaction(actor.agency_id) as tx:
        event = AuditEvent(Action.RECAP_COMPARED, now, actor.employee_id, values=values)
        audit.append_to_chain(tx, audit.object_chain("cycle", cycle_id), [event])
    return found


def _line(line: SheetLine) -> RecapLine:
    return RecapLine(line.number, line.nip(), line.text("predicate"))
