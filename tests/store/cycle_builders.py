"""What one agency of a test has besides cases: who is in the cycle, and the orders about it."""

from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.population import Filters
from engine.store import (
    audit,
    closings,
    export_layouts,
    extensions,
    launches,
    populations,
    sealing,
)
from engine.store.database import Transaction
from tests.store.ids import NOW, START, Ids


def add_cycle_work(tx: Transaction, ids: Ids) -> None:
    """A launch, an extension and a closing that run, and who is in the cycle."""
    cycle, who, rater = ids.cycle, ids.subject, ids.head
    key = sealing.key_for(tx, who, period=cycle, now=NOW)
    filters = Filters().as_text()
    populations.choose(tx, populations.PopulationRow(cycle, filters, rater, NOW))
    left_out = populations.ExclusionRow(cycle, who, b"x", key.id, rater, NOW)
    populations.exclude(tx, left_out)
    named = populations.AppointmentRow(ids.named, who, rater, START, None, rater, NOW)
    populations.name_rater(tx, named, last_day=START)
    pair = populations.DeclaredConflictRow(*sorted((who, rater)), "family", rater, NOW)
    populations.declare_conflict(tx, pair)
    launches.add(
        tx, launches.LaunchRow(ids.launch, cycle, filters, "running", "", 1, 0, 0, rater, NOW)
    )
    launches.pass_over(
        tx,
        [
            launches.LaunchPersonRow(ids.launch, who, "waiting"),
            launches.LaunchPersonRow(ids.launch, rater, "refused", "no_rater"),
        ],
    )
    extensions.add(
        tx,
        extensions.ExtensionRow(
            ids.extension, cycle, "task", None, None, NOW, b"x", key.id, "running", 1, rater, NOW
        ),
    )
    result = extensions.ExtensionResultRow(ids.extension, ids.i2, "already_later", NOW)
    extensions.add_results(tx, [result])
    closings.add(
        tx, closings.ClosingRow(ids.closing, cycle, "go_on", b"x", key.id, "running", rater, NOW)
    )
    export_layouts.choose(tx, export_layouts.LayoutRow("click", "nip", rater, NOW))
    add_trail_of_cycle(tx, ids)


def add_trail_of_cycle(tx: Transaction, ids: Ids) -> None:
    """What the trail says of the rater who was named and of the extension."""
    named = {"appointment": ids.named, "rater": ids.head, "starts": START, "ends": None}
    more_time = {"extension": ids.extension, "due_at": NOW, "count": 1}
    told = (
        ("person", ids.subject, AuditEvent(Action.RATER_NAMED, NOW, ids.head, values=named)),
        (
            "cycle",
            ids.cycle,
            AuditEvent(Action.EXTENSION_REQUESTED, NOW, ids.head, element="task", values=more_time),
        ),
    )
    for noun, identifier, event in told:
        audit.append_to_chain(tx, audit.object_chain(noun, identifier), [event])
