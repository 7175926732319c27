"""What one agency of a test has besides cases: who is in the cycle, and the orders about it."""

from dataclasses import replace

from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.monthly_recap import seal_of
from engine.domain.people import UnitId
from engine.domain.population import Filters
from engine.store import (
    audit,
    citizen_surveys,
    closings,
    daily_logs,
    export_layouts,
    extensions,
    launches,
    log_entries,
    measured_facts,
    monthly_recaps,
    populations,
    sealing,
)
from engine.store.database import Transaction
from tests.store.ids import NOW, START, Ids

MONTH = "2026-01"


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
    add_survey(tx, ids)
    add_recap(tx, ids)
    add_log(tx, ids)
    add_figures(tx, ids)
    add_trail_of_cycle(tx, ids)


def add_figures(tx: Transaction, ids: Ids) -> None:
    """An import of one complaint, with its event."""
    fact = measured(ids)
    measured_facts.add_many(tx, [fact])
    content = measured_facts.facts_sha256([measured_facts.fact_sha256(fact)])
    values = {"import": ids.figures, "facts": 1, "replaced": 0, "content": content}
    event = AuditEvent(Action.FIGURES_IMPORTED, NOW, ids.head, values=values)
    audit.append_to_chain(tx, audit.object_chain("figures", fact.kind), [event])


def measured(ids: Ids) -> measured_facts.MeasuredRow:
    """A complaint about the unit that the subject handled."""
    return measured_facts.MeasuredRow(
        ids.fact, "complaints", UnitId(ids.unit), ids.subject, START, "{}", ids.figures, ids.head,
        NOW,
    )  # fmt: skip


def survey(ids: Ids) -> citizen_surveys.SurveyRow:
    """The closed survey of the unit, whose poster still hangs."""
    return citizen_surveys.SurveyRow(
        ids.survey, ids.cycle, UnitId(ids.unit), START, START, None, "Izin", "key", ids.head, NOW,
        counter_hash=ids.counter, closed_by=ids.head, closed_at=NOW,
    )  # fmt: skip


def add_survey(tx: Transaction, ids: Ids) -> None:
    """A survey with a link that nobody used and the answer of one citizen."""
    citizen_surveys.add(tx, survey(ids))
    citizen_surveys.add_tokens(tx, [citizen_surveys.TokenRow(ids.token, ids.survey)])
    given = (4, 4, 4, 4, 4, 4, 4, 4, 4)
    answer = citizen_surveys.ResponseRow(ids.sub, ids.survey, "online", 1, START, START, *given)
    citizen_surveys.add_response(tx, answer)


def add_recap(tx: Transaction, ids: Ids) -> None:
    """A frozen month with one person in it."""
    seal = seal_of([(ids.subject, "{}")])
    month = monthly_recaps.MonthRow(MONTH, ids.head, NOW, 1, seal)
    monthly_recaps.add(tx, month, [monthly_recaps.LineRow(MONTH, ids.subject, "{}")])
    told = {"month": MONTH, "people": 1, "sha256": seal}
    event = AuditEvent(Action.RECAP_FROZEN, NOW, ids.head, values=told)
    audit.append_to_chain(tx, audit.object_chain("recap", MONTH), [event])


def add_trail_of_cycle(tx: Transaction, ids: Ids) -> None:
    """What the trail says of the rater who was named and of the extension."""
    named = {"appointment": ids.named, "rater": ids.head, "starts": START, "ends": None}
    more_time = {"extension": ids.extension, "due_at": NOW, "count": 1}
    asked = {"survey": ids.survey, "n": 1, "index": None, "grade": None, "sums": None}
    told = (
        ("survey", ids.survey, AuditEvent(Action.SURVEY_CLOSED, NOW, ids.head, values=asked)),
        ("person", ids.subject, AuditEvent(Action.RATER_NAMED, NOW, ids.head, values=named)),
        (
            "cycle",
            ids.cycle,
            AuditEvent(Action.EXTENSION_REQUESTED, NOW, ids.head, element="task", values=more_time),
        ),
    )
    for noun, identifier, event in told:
        audit.append_to_chain(tx, audit.object_chain(noun, identifier), [event])


def log_entry(ids: Ids) -> log_entries.EntryRow:
    """A verified entry of the subject."""
    return log_entries.EntryRow(
        ids.entry, ids.cycle, ids.subject, START, 60, "1", True, "verified", 1, b"x", "c", NOW
    )


def log_note(ids: Ids) -> log_entries.NoteRow:
    """A request for a comment that nobody answered."""
    return log_entries.NoteRow(
        ids.remark, ids.entry, ids.cycle, ids.subject, ids.subject, "request", b"x", "c", NOW, NOW
    )


def add_log(tx: Transaction, ids: Ids) -> None:
    """The log of the subject, kept under the head, with an entry and what was said of it."""
    log = daily_logs.LogRow(ids.cycle, ids.subject, UnitId(ids.unit), ids.head)
    daily_logs.put(tx, [log])
    key = sealing.key_for(tx, ids.subject, period=ids.cycle, now=NOW)
    written = sealing.seal_committed(key, b"{}")
    words = {"payload": written.blob, "commitment": written.commitment}
    entry, note = replace(log_entry(ids), **words), replace(log_note(ids), **words)
    log_entries.add(tx, entry)
    log_entries.add_note(tx, note)
    told = {name: getattr(entry, name) for name in ("day", "minutes", "quantity", "planned")}
    told |= {"state": entry.state, "revision": 1, "commitment": entry.commitment}
    said = {"note": note.id, "kind": note.kind, "commitment": note.commitment}
    known = {"cycle": ids.cycle}
    events = [
        AuditEvent(Action.LOG_VERIFIED, NOW, ids.head, values={**known, "entry": entry.id, **told}),
        AuditEvent(Action.COMMENT_REQUESTED, NOW, ids.subject, values={**known, **said}),
    ]
    audit.append_to_chain(tx, log.chain, events)
