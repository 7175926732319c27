"""What operations may ask about a case, read in the command's own transaction."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.commands.case_data import superiors_of_case
from engine.commands.case_figures import figures_about
from engine.commands.colleagues import Company
from engine.commands.earlier import earlier_answers, earlier_years, noted_rows
from engine.commands.heard import is_mutual, said_apart
from engine.commands.patterns import is_related, rater_patterns
from engine.domain import confidence
from engine.domain.appraisal import Predicate
from engine.domain.citizen_survey import Element, Tally
from engine.domain.colleagues import limits_of
from engine.domain.daily_log import EntryState
from engine.domain.fairness import Limits, RaterFigures
from engine.domain.local_score import Scoring
from engine.domain.measured import FigureKind
from engine.domain.people import EmployeeId
from engine.domain.settings import SystemSettings
from engine.operations.registry import (
    Candidate,
    CandidateKind,
    EarlierAnswers,
    EarlierYears,
    Logged,
    Measured,
    Peer,
    Record,
)
from engine.queries.citizen_surveys import unit_tally
from engine.store import (
    appraisals,
    case_records,
    cycles,
    delegations,
    log_entries,
    people,
    prepared_drafts,
    sealing,
    staffing,
    submissions,
)
from engine.store.database import Transaction
from engine.store.instances import InstanceRow
from engine.store.staffing import Superior


@dataclass(frozen=True)
class CaseFacts:
    """Facts of one case on one day; `began` is the day on which the case was started."""

    tx: Transaction
    instance: InstanceRow
    settings: SystemSettings
    now: datetime
    on: date
    began: date

    @property
    def subject_id(self) -> EmployeeId:
        """The appraised person."""
        return self.instance.subject_id

    @property
    def scoring(self) -> Scoring | None:
        """The indicators and scales that the case was started with."""
        return self.settings.scoring

    def authorities(self) -> tuple[Candidate, ...]:
        """From the rater's superior upwards, ending at the office of last resort.

        Above the rater in office now, also where he took the rating over or holds several posts:
        nobody below him may judge what he decided. Source: PP 30/2019 art. 59.
        """
        office = self.settings.final_authority
        chain = superiors_of_case(self.tx, self.instance, self.on, began=self.began)
        rated_at = self._level_of_rater(chain)
        found = [
            Candidate(superior.employee_id, _kind(superior, office, rated_at))
            for superior in _up_to_office([s for s in chain if s.level > rated_at], office)
            if superior.employee_id is not None
        ]
        return (*found, *self._final(found))

    def _level_of_rater(self, chain: tuple[Superior, ...]) -> int:
        """The highest post that the rater holds now, or held when the case began."""
        rater = appraisals.get(self.tx, self.instance.id).rater_id
        first = superiors_of_case(self.tx, self.instance, self.began, began=self.began)
        return max(
            (s.level for s in (*chain, *first) if rater and s.employee_id == rater), default=1
        )

    def _final(self, found: list[Candidate]) -> tuple[Candidate, ...]:
        office = self.settings.final_authority
        holder = staffing.office_holder(self.tx, office, self.on) if office else None
        if holder is None or any(candidate.employee_id == holder for candidate in found):
            return ()
        return (Candidate(holder, CandidateKind.FINAL_AUTHORITY),)

    def participants(self) -> frozenset[EmployeeId]:
        """Everybody who took part in the case or in whose name somebody did, and the rater."""
        return participants(self.tx, self.instance.id)

    def handed_in(self, element_id: str) -> frozenset[EmployeeId]:
        """Everybody who handed in this step of the case, however often it was done."""
        return handed_in(self.tx, self.instance.id, {element_id})

    def employee_by_nip(self, nip: str) -> EmployeeId | None:
        """The person with this NIP (18 digits)."""
        found = people.employee_by_nip(self.tx, nip)
        return found.id if found else None

    def unit_predicates(self) -> Mapping[Predicate, int]:
        """Predicates of the unit in this cycle so far."""
        counts = appraisals.count_predicates(
            self.tx, cycle_id=self.instance.cycle_id, unit_id=self.instance.unit_id
        )
        return {Predicate(code): count for code, count in counts.items()}

    def records(self, kind: str) -> tuple[Record, ...]:
        """What steps about the person left in this cycle, the oldest first."""
        run = self.instance
        found = case_records.of_person(
            self.tx, cycle_id=run.cycle_id, subject_id=run.subject_id, kind=kind
        )
        return tuple(Record(row.period, row.kept_at, row.figures) for row in found)

    def rater_records(self, kind: str, within: str) -> tuple[Record, ...]:
        """What steps about the rater left in any cycle, on days not older than a deadline.

        Raises KeyError for a deadline that the settings have not.
        """
        rater = appraisals.get(self.tx, self.instance.id).rater_id
        if rater is None:
            return ()
        since = self.on - timedelta(days=self.settings.deadlines[within].days)
        found = case_records.of_person_since(
            self.tx, subject_id=rater, kind=kind, since=since.isoformat()
        )
        return tuple(Record(row.period, row.kept_at, row.figures) for row in found)

    def peers(self, nips: Sequence[str]) -> tuple[Peer | None, ...]:
        """The people with these NIPs; None for who cannot speak as a colleague of the subject.

        Those are whoever is not in service, the subject, his superiors and his subordinates; his
        staff speaks where the system asks it.
        """
        chain = superiors_of_case(self.tx, self.instance, self.on, began=self.began)
        apart = {superior.employee_id for superior in chain} | {self.subject_id}
        return tuple(self._peer(nip, apart) for nip in nips)

    def _peer(self, nip: str, apart: Container[EmployeeId | None]) -> Peer | None:
        person = people.employee_by_nip(self.tx, nip)
        if person is None or person.id in apart:
            return None
        post = staffing.assignment_on(self.tx, person.id, self.on)
        above = staffing.superiors(self.tx, post.position_id, self.on) if post else ()
        limits = limits_of(self.settings.other)
        asks_staff = limits is not None and limits.subordinates
        is_below = any(superior.employee_id == self.subject_id for superior in above)
        if post is None or (is_below and not asks_staff):
            return None
        return Peer(person.id, person.name)

    def earlier_answers(self, element_id: str) -> EarlierAnswers | None:
        """What was answered at a step of the person's last finished appraisal."""
        return earlier_answers(self.tx, self.instance.subject_id, element_id)

    def earlier_years(self) -> EarlierYears:
        """What is known now of the years before the one of this case."""
        return earlier_years(self.tx, self.instance)

    def noted_rows(self, element_id: str, field: str) -> tuple[Mapping[str, object], ...]:
        """Rows that a step beside the appraisal took in this cycle, the newest hand-in first."""
        return noted_rows(self.tx, self.instance, element_id, field)

    def ratings_in_confidence(
        self, element_id: str, questions: Sequence[str], *, at_least: int, floor: int
    ) -> tuple[tuple[Decimal, ...], ...]:
        """What peers rated in a sealed step, and what the own staff did; nothing of too few."""
        key = sealing.get_key(self.tx, self.instance.sealing_key_id)
        company = self._company()
        staff = company.staff if company and company.limits.subordinates else {}
        groups = said_apart(self.tx, key, self.instance.id, element_id, staff)
        return confidence.ratings_of_groups(groups, questions, at_least=at_least, floor=floor)

    def suggested_peers(self) -> list[dict[str, object]]:
        """Rows of those who may be asked; nobody where the system has no `[colleagues]`."""
        company = self._company()
        return company.suggested() if company else []

    def _company(self) -> Company | None:
        limits = limits_of(self.settings.other)
        if limits is None:
            return None
        return Company(self.tx, self.instance, limits, self.on, self.began)

    def is_mutual(self, element_id: str, questions: Sequence[str], border: Decimal) -> bool:
        """Whether the subject and somebody asked about him rate each other so high; never who."""
        return is_mutual(
            self.tx,
            self.instance,
            element_id,
            lambda words: confidence.is_high(words, questions, border),
        )

    @property
    def limits(self) -> Limits:
        """From where on a pattern is one, as the settings of the case say."""
        return self.settings.fairness.limits

    def rater_patterns(self, data: Mapping[str, object]) -> RaterFigures | None:
        """How the rater rates in this cycle, with the ratings in `data`; None of too few people."""
        rater = appraisals.get(self.tx, self.instance.id).rater_id
        return rater_patterns(self.tx, self.instance, rater, data, self.settings) if rater else None

    def is_rater_related(self) -> bool:
        """Whether a conflict of the rater and the appraised person was declared to HR."""
        rater = appraisals.get(self.tx, self.instance.id).rater_id
        return rater is not None and is_related(self.tx, rater, self.subject_id)

    @property
    def person_elements(self) -> tuple[Element, ...]:
        """The elements of the citizen survey that the system counts for a person."""
        return self.settings.person_elements

    def unit_survey(self) -> Tally | None:
        """What citizens answered about the unit, or about the nearest above it that was asked."""
        return unit_tally(self.tx, self.instance.cycle_id, self.instance.unit_id)

    def logged(self) -> Logged:
        """Entries of the person's daily log on the days of the cycle."""
        cycle = cycles.get(self.tx, self.instance.cycle_id)
        tally = log_entries.tally(
            self.tx, cycle.id, self.subject_id, cycle.starts, cycle.ends,
            verified=EntryState.VERIFIED.value,
        )  # fmt: skip
        return Logged(tally.planned, tally.verified)

    @property
    def today(self) -> date:
        """The agency's local day."""
        return self.on

    def measured(
        self, kind: FigureKind, *, of_unit: bool = False, since: date | None = None
    ) -> tuple[Measured, ...]:
        """What was imported about the person or the unit: in the cycle, or since a day."""
        cycle = cycles.get(self.tx, self.instance.cycle_id)
        days = (cycle.starts, cycle.ends) if since is None else (since, self.on)
        return figures_about(self.tx, kind, self.instance, days, of_unit=of_unit)


def participants(tx: Transaction, instance_id: str) -> frozenset[EmployeeId]:
    """Who rated, signed, mediated, explained, moderated, advised or took over in a case.

    What ran beside it counts: who mediated the plan of the year is one of them.
    The rater in office is one of them before he has handed in anything: he took the rating over.
    So is whoever prepared answers for another.
    """
    appraisal = appraisals.find(tx, instance_id)
    parts = submissions.participations_around(tx, instance_id)
    found = {person for part in parts for person in (part.employee_id, part.on_behalf_of)}
    found.add(appraisal.rater_id if appraisal else None)
    found |= {prepared.delegate_id for prepared in delegations.of_instance(tx, instance_id)}
    prepared = prepared_drafts.of_instance(tx, instance_id)
    found |= {draft.operator_id for draft in prepared if draft.handed_at}
    return frozenset(person for person in found if person)


def handed_in(tx: Transaction, instance_id: str, elements: Container[str]) -> frozenset[EmployeeId]:
    """Who handed in any of these steps, and in whose name."""
    done = [s for s in submissions.of_instance(tx, instance_id) if s.element_id in elements]
    return frozenset(person for s in done for person in (s.actor_id, s.on_behalf_of) if person)


def _up_to_office(superiors: list[Superior], office: str | None) -> list[Superior]:
    """Nobody above the office of last resort decides."""
    for place, superior in enumerate(superiors):
        if office and superior.office_code == office:
            return superiors[: place + 1]
    return superiors


def _kind(superior: Superior, office: str | None, rated_at: int) -> CandidateKind:
    if office and superior.office_code == office:
        return CandidateKind.FINAL_AUTHORITY
    next_above = superior.level == rated_at + 1
    return CandidateKind.RATER_SUPERIOR if next_above else CandidateKind.NEXT_SUPERIOR
