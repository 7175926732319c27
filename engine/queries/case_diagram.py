"""Where a case stands in the diagrams of its own version, for whoever may read the case."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all

from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.flowchart import CALL, USER_TASK, Flowchart, Flowcharts, Node
from engine.domain.people import Actor
from engine.domain.process import DefinitionId
from engine.domain.settings import SystemSettings
from engine.domain.standing import Known, Places, Standing, places_of
from engine.errors import NotFound
from engine.queries.case_heads import case_head
from engine.queries.case_views import CaseHead
from engine.queries.diagram_views import CaseDiagram, DiagramStep, ProcessLink
from engine.queries.people import AnyRow
from engine.queries.steps import work_rows
from engine.queries.trail_confidence import hushed_steps
from engine.store import tables as t
from engine.store.database import Transaction

ChartsOf = Callable[[Transaction, DefinitionId], tuple[SystemSettings, Flowcharts]]
WAITS = "intermediateCatchEvent"
IN_WORDS = frozenset({USER_TASK, CALL, WAITS, "receiveTask", "endEvent"})
TOLD = (
    Action.GATEWAY_TAKEN,
    Action.TIMER_FIRED,
    Action.MESSAGE_RECEIVED,
    Action.DECISION_EVALUATED,
    Action.OPERATION_DONE,
    Action.RESULT_DELIVERED,
)


@dataclass(frozen=True)
class _Facts:
    """The rows of a case that tell its way; of `hushed` steps nobody counts the answers yet."""

    work: Sequence[AnyRow]
    waiting: frozenset[str]
    events: Sequence[tuple[str, str, str]]
    hushed: frozenset[str]


@dataclass(frozen=True)
class _Words:
    """What processes and elements are called in the reader's language."""

    processes: Mapping[str, ProcessLink]
    elements: Mapping[str, str]
    lanes: Mapping[str, str]


def case_diagram(
    tx: Transaction,
    actor: Actor,
    instance_id: str,
    process: str,
    *,
    charts_of: ChartsOf,
    now: datetime,
    language: str = "id",
) -> CaseDiagram:
    """One process of the case, the one that it started with by default. Raises NotFound."""
    head = case_head(tx, actor, instance_id, verb=Verb.READ_CASE, now=now)
    settings, charts = charts_of(tx, head.definition_id)
    paths = _paths(charts, head.process_id)
    shown = process or head.process_id
    if shown not in paths:
        raise NotFound("process", process)
    facts = _facts(tx, actor, head, now)
    ended = head.state in {"completed", "cancelled"}
    known = {name: _known(charts, charts[name], facts) for name in paths}
    places = places_of(charts, head.process_id, known, ended)
    names = settings.names_in(language)
    links = {name: ProcessLink(name, names.get(name, charts[name].name)) for name in paths}
    steps = _steps(
        charts[shown], places[shown], facts, _Words(links, names, settings.lanes_in(language))
    )
    return CaseDiagram(
        instance_id=head.instance_id,
        definition_id=head.definition_id,
        subject=head.subject,
        period=head.period,
        process=links[shown],
        path=tuple(links[name] for name in paths[shown]),
        steps=tuple(steps),
        standings=places[shown].elements,
        flows=tuple(sorted(places[shown].flows)),
        file=charts[shown].file,
        current=tuple(links[name] for name in paths if _waits_in(places[name], charts[name])),
    )


def _paths(charts: Flowcharts, main: str) -> Mapping[str, tuple[str, ...]]:
    """Every process that the main one leads to, with the shortest way of calls to it."""
    found: dict[str, tuple[str, ...]] = {main: ()}
    waiting = [main]
    while waiting:
        name = waiting.pop(0)
        for node in charts[name].nodes.values():
            if node.calls and node.calls in charts and node.calls not in found:
                found[node.calls] = (*found[name], name)
                waiting.append(node.calls)
    return found


def _waits_in(places: Places, chart: Flowchart) -> bool:
    """Is a step of this very process open, not only one of a process that it calls?"""
    return any(
        standing is Standing.CURRENT and not chart.nodes[node].calls
        for node, standing in places.elements.items()
    )


def _facts(tx: Transaction, actor: Actor, head: CaseHead, now: datetime) -> _Facts:
    events: Sequence[tuple[str, str, str]] = tuple(_events(tx, head.instance_id))
    if head.is_main and actor.employee_id == head.access.subject_id:
        events = _delivered(events)
    return _Facts(
        work_rows(tx, head.instance_id),
        _waiting(tx, head.instance_id),
        events,
        hushed_steps(tx, head.instance_id, now),
    )


def _delivered(events: Sequence[tuple[str, str, str]]) -> Sequence[tuple[str, str, str]]:
    """The appraised person learns which way his result took when it is delivered, not before."""
    places = [n for n, event in enumerate(events) if event[0] == Action.RESULT_DELIVERED]
    return events[: places[-1] + 1] if places else ()


def _events(tx: Transaction, instance_id: str) -> Iterator[tuple[str, str, str]]:
    """Action, element and flow of the automatic steps."""
    event = t.audit_event
    statement = (
        select(event.c.action, event.c.body)
        .where(
            event.c.agency_id == tx.agency_id,
            event.c.chain_id == instance_id,
            event.c.action.in_([action.value for action in TOLD]),
        )
        .order_by(event.c.n)
    )
    for row in tx.connection.execute(statement):
        body = json.loads(row.body)
        values = body.get("values") or {}
        yield row.action, str(body.get("element") or ""), str(values.get("flow") or "")


def _waiting(tx: Transaction, instance_id: str) -> frozenset[str]:
    """The events that the case waits for now."""
    timer, message = t.timer, t.awaited_message
    statement = union_all(
        select(timer.c.element_id).where(
            timer.c.agency_id == tx.agency_id, timer.c.instance_id == instance_id
        ),
        select(message.c.element_id).where(
            message.c.agency_id == tx.agency_id, message.c.instance_id == instance_id
        ),
    )
    return frozenset(tx.connection.execute(statement).scalars())


def _known(charts: Flowcharts, chart: Flowchart, facts: _Facts) -> Known:
    own = [row for row in facts.work if row.process_id == chart.id]
    of_state = {
        state: frozenset(row.element_id for row in own if row.state == state)
        for state in ("open", "completed", "withdrawn")
    }
    waits = {n.id for n in chart.nodes.values() if n.kind == WAITS and n.id in facts.waiting}
    hushed = frozenset(row.element_id for row in own) & facts.hushed
    current = of_state["open"] | waits | hushed
    told = {element for _, element, _ in facts.events if _only_here(charts, chart, element)}
    others = {flow.id for c in charts.values() if c is not chart for flow in c.flows}
    flows = {flow.id for flow in chart.flows} & {flow for _, _, flow in facts.events} - others
    return Known(
        done=(of_state["completed"] | told) - current,
        current=frozenset(current),
        left=of_state["withdrawn"] - current,
        flows=frozenset(flows),
    )


def _only_here(charts: Flowcharts, chart: Flowchart, element: str) -> bool:
    """Events name elements, not processes: one that several processes have tells nothing."""
    return element in chart.nodes and sum(element in c.nodes for c in charts.values()) == 1


def _steps(chart: Flowchart, places: Places, facts: _Facts, words: _Words) -> Iterator[DiagramStep]:
    for node in chart.nodes.values():
        if node.kind in IN_WORDS and (node.name or node.calls):
            rows = [r for r in facts.work if (r.process_id, r.element_id) == (chart.id, node.id)]
            done = [row for row in rows if row.state == "completed" and node.id not in facts.hushed]
            left = [row for row in rows if row.state == "open" or node.id in facts.hushed]
            yield _step(node, places.elements[node.id], done, left, words)


def _step(
    node: Node,
    standing: Standing,
    done: Sequence[AnyRow],
    left: Sequence[AnyRow],
    words: _Words,
) -> DiagramStep:
    opens = words.processes.get(node.calls or "")
    name = words.elements.get(node.id, node.name) or (opens.name if opens else "")
    return DiagramStep(
        node.id,
        name,
        words.lanes.get(node.lane, node.lane) if node.kind == USER_TASK else "",
        standing,
        max((row.closed_at for row in done), default=None),
        min((row.due_at for row in left if row.due_at), default=None),
        len(done),
        opens,
    )
