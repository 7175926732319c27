"""What a unit does with its citizen survey: open it, hand out links, key in paper, close it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.commands.desk import Desk
from engine.commands.evidence import media_type_of
from engine.commands.permissions import demand, refusals_audited
from engine.commands.survey_answers import (
    Answer,
    keep_answer,
    link_hash,
    new_link,
    paper_findings,
)
from engine.domain.access import UnitAccess, Verb
from engine.domain.actions import Action
from engine.domain.audit import AuditEvent
from engine.domain.citizen_survey import ELEMENTS, NOBODY, grade_of, satisfaction_index
from engine.domain.people import Actor, UnitId
from engine.errors import Conflict, Finding, InvalidForm
from engine.rules.deadlines import local_date
from engine.store import audit, citizen_surveys, cycles, files, organisation, sealing
from engine.store.citizen_surveys import SurveyRow, TokenRow
from engine.store.database import Transaction
from engine.store.files import FileRow
from engine.store.ids import new_id
from engine.store.states import CycleStatus

MOST_SERVICES, LONGEST_SERVICE, MOST_LINKS = 40, 80, 200
MOST_USERS = 100_000_000


@dataclass(frozen=True)
class NewSurvey:
    """A survey as it is asked for; `population` are the users of a year, where they are known."""

    cycle_id: str
    unit_id: UnitId
    starts: date
    ends: date
    services: tuple[str, ...]
    population: int | None = None


def open_survey(desk: Desk, actor: Actor, *, new: NewSurvey, now: datetime) -> str:
    """Open the survey of a unit in a cycle; its id.

    One that was closed with too few answers to be told goes on. Raises Forbidden, NotFound,
    InvalidForm, or Conflict when the cycle is closed or the unit was asked about already.
    """
    with (
        refusals_audited(desk, actor, Verb.MANAGE_SURVEY, target=new.unit_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        unit = organisation.unit(tx, new.unit_id)
        demand(actor, Verb.MANAGE_SURVEY, UnitAccess(tx.agency_id, unit.id))
        if cycles.get(tx, new.cycle_id).status != CycleStatus.OPEN:
            raise Conflict(f"cycle {new.cycle_id} is closed")
        _check(new, local_date(now, desk.calendar(tx, now)))
        survey = _opened(tx, actor, new, now)
        _note(
            tx, actor, Action.SURVEY_OPENED, survey, now, starts=survey.starts.isoformat(),
            ends=survey.ends.isoformat(), population=survey.population,
        )  # fmt: skip
        return survey.id


def _check(new: NewSurvey, today: date) -> None:
    names = [name.casefold() for name in new.services]
    wrong: Mapping[str, bool] = {
        "ends": new.ends < max(new.starts, today),
        "population": new.population is not None and not 1 <= new.population <= MOST_USERS,
        "services": not 1 <= len(names) <= MOST_SERVICES or len(set(names)) < len(names)
        or not all(0 < len(name) <= LONGEST_SERVICE for name in names),
    }  # fmt: skip
    found = [Finding(f"survey.{name}", element_id=name) for name, bad in wrong.items() if bad]
    if found:
        raise InvalidForm(found)


def _opened(tx: Transaction, actor: Actor, new: NewSurvey, now: datetime) -> SurveyRow:
    known = citizen_surveys.of_unit(tx, new.cycle_id, new.unit_id)
    survey_id = known.id if known else new_id()
    key = sealing.key_for(tx, actor.employee_id, period=f"survey {survey_id}", now=now)
    row = SurveyRow(
        survey_id, new.cycle_id, new.unit_id, new.starts, new.ends, new.population,
        "\n".join(new.services), known.comment_key if known else key.id, actor.employee_id, now,
    )  # fmt: skip
    if known is None:
        citizen_surveys.add(tx, row)
        return row
    tally = citizen_surveys.tallies(tx, [known.id]).get(known.id, NOBODY)
    if known.closed_at is None or tally.is_told:
        raise Conflict(f"unit {new.unit_id} has a survey in cycle {new.cycle_id}")
    citizen_surveys.reopen(tx, row)
    return row


def make_links(
    desk: Desk, actor: Actor, *, survey_id: str, count: int, now: datetime
) -> tuple[str, ...]:
    """So many one-time links to print, told this once and stored as hashes only.

    Raises NotFound, Forbidden, InvalidForm for none or more than 200, or Conflict when closed.
    """
    if not 1 <= count <= MOST_LINKS:
        raise InvalidForm([Finding("survey.count", element_id="count")])
    links = tuple(new_link() for _ in range(count))
    with (
        refusals_audited(desk, actor, Verb.MANAGE_SURVEY, target=survey_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        survey = _running(tx, actor, survey_id)
        citizen_surveys.add_tokens(tx, [TokenRow(link_hash(link), survey.id) for link in links])
        _note(tx, actor, Action.SURVEY_LINKS_MADE, survey, now, count=count)
    return links


def set_counter(desk: Desk, actor: Actor, *, survey_id: str, now: datetime) -> str:
    """The code of a new poster for the counter, told this once; the poster before ends.

    Raises NotFound, Forbidden, or Conflict when the survey is closed.
    """
    code = new_link()
    with (
        refusals_audited(desk, actor, Verb.MANAGE_SURVEY, target=survey_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        survey = _running(tx, actor, survey_id)
        citizen_surveys.set_counter(tx, survey.id, link_hash(code))
        _note(tx, actor, Action.SURVEY_COUNTER_SET, survey, now)
    return code


def key_in_paper(
    desk: Desk,
    actor: Actor,
    *,
    survey_id: str,
    answer: Answer,
    scan: tuple[str, bytes],
    now: datetime,
) -> None:
    """Keep what stands on a paper questionnaire, with its scan (name and content) as evidence.

    Paper counts until the survey is closed, also after its last day. Raises NotFound, Forbidden,
    Conflict, InvalidForm or InvalidFile.
    """
    name, content = scan
    with (
        refusals_audited(desk, actor, Verb.MANAGE_SURVEY, target=survey_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        survey = _running(tx, actor, survey_id)
        today = local_date(now, desk.calendar(tx, now))
        if found := paper_findings(answer, survey, today, has_scan=bool(content)):
            raise InvalidForm(found)
        media_type, _ = media_type_of(name, content)
        digest = desk.files.put(content)
        files.keep(tx, FileRow(digest, len(content), media_type, now))
        keep_answer(tx, survey, answer, today, keyed_by=actor.employee_id, scan=digest)


def close_survey(desk: Desk, actor: Actor, *, survey_id: str, now: datetime) -> None:
    """Take no more answers; the trail says how many there are, their sums, index and grade.

    Of fewer than five people no index is told, not even there. Raises NotFound, Forbidden or
    Conflict.
    """
    with (
        refusals_audited(desk, actor, Verb.MANAGE_SURVEY, target=survey_id, now=now),
        desk.store.transaction(actor.agency_id) as tx,
    ):
        survey = _running(tx, actor, survey_id)
        citizen_surveys.close(tx, survey.id, by=actor.employee_id, now=now)
        tally = citizen_surveys.tallies(tx, [survey.id]).get(survey.id, NOBODY)
        index = satisfaction_index(tally) if tally.is_told else None
        _note(
            tx, actor, Action.SURVEY_CLOSED, survey, now, n=tally.responses,
            index=None if index is None else str(index),
            grade=None if index is None else grade_of(index).value,
            sums=None if index is None else [tally.sums[element] for element in ELEMENTS],
        )  # fmt: skip


def _running(tx: Transaction, actor: Actor, survey_id: str) -> SurveyRow:
    """The survey, locked. Raises NotFound, Forbidden, or Conflict when it is closed."""
    survey = citizen_surveys.lock(tx, survey_id)
    demand(actor, Verb.MANAGE_SURVEY, UnitAccess(tx.agency_id, survey.unit_id))
    if survey.closed_at is not None:
        raise Conflict(f"survey {survey_id} is closed")
    return survey


def _note(
    tx: Transaction,
    actor: Actor,
    action: Action,
    survey: SurveyRow,
    now: datetime,
    **values: object,
) -> None:
    known = {"survey": survey.id, "cycle": survey.cycle_id, "unit_id": survey.unit_id}
    event = AuditEvent(action, now, actor.employee_id, values={**known, **values})
    audit.append_to_chain(tx, audit.object_chain("survey", survey.id), [event])
