"""Random people play a case through the commands: they answer, refuse, are late, and try too much.

What they did is written down here, apart from what the product stores, so that the two can be held
against each other.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from engine.bpmn.answers import random_answers
from engine.commands.achievements import set_organisation_achievement
from engine.commands.appeals import take_over, withdraw_appeal
from engine.commands.beside import open_beside
from engine.commands.complete import complete_work_item
from engine.commands.definitions import LoadedDefinition
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.work_forms import OpenForm, open_form
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.citizen_survey import Element
from engine.domain.people import Actor, EmployeeId, UnitFunction
from engine.errors import (
    Conflict,
    DeadlinePassed,
    Forbidden,
    InvalidForm,
    NotFound,
    WorkItemClosed,
)
from engine.jobs.monthly import open_months
from engine.jobs.timers import fire_due_timers
from engine.rules.forms import Kind, validate
from engine.store import cycles, instances, people, tables, timers, work_items
from engine.store.people import DutyRow
from engine.store.states import InstanceStatus
from engine.store.work_items import WorkItemRow
from tests import surveys
from tests.office import PLAN, POSITIONS, ROOT, SINCE, Office
from tests.workflows.scenario import exact, overlaid, read_path

MOST_STEPS, GUESSES, MOST_NAMINGS = 250, 25, 3
EVERYBODY = tuple(key for key, *_ in POSITIONS)
SUPERIORS = {key: superior for key, _, _, superior, *_ in POSITIONS}
APPRAISED = tuple(key for key in EVERYBODY if SUPERIORS[key])
HAPPENINGS = {
    "answer": 60, "lapse": 8, "reach_beyond": 8, "beside": 4, "month": 1, "achievement": 4,
    "withdraw": 1, "take_over": 4,
}  # fmt: skip
REFUSED = (Forbidden, NotFound, Conflict, WorkItemClosed, InvalidForm)
SECRET = "RAHASIA"
LEFT_OUT = (Kind.TEXTAREA, Kind.EVIDENCE)
_OF_SUBJECT = select(tables.instance.c.id).where(
    tables.instance.c.subject_id == bindparam("subject")
)
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """One step that somebody handed in, and the process it belongs to.

    Of the `answers` those to questions that were not asked do not count.
    """

    process: str
    element: str
    person: str
    at: datetime
    answers: Answers
    counted: Answers


@dataclass
class Play:
    """One appraisal with what runs beside it."""

    office: Office
    rng: random.Random
    subject: str = field(init=False)
    now: datetime = field(init=False)
    cases: list[str] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    citizens: int = 0

    def __post_init__(self) -> None:
        earlier = timedelta(days=self.rng.choice([0, 0, 60, 300]))
        self.now = datetime(2026, 1, 6, 1, tzinfo=UTC) - earlier
        # Citizens are asked about one unit, so its people come up more often.
        self.subject = self.rng.choice([*APPRAISED, "analyst", "clerk", "analyst", "clerk"])
        self._give_duties()
        self._ask_citizens()
        plan = (PLAN[0], *self.rng.sample(PLAN[1:], self.rng.randrange(len(PLAN))))
        self.cases.append(self.office.start(self.subject, self.now, plan=plan))

    def run(self) -> Iterator[None]:
        """Play to the end, or as long as anybody plays; after each happening one may look."""
        for _ in range(MOST_STEPS):
            if self.ended:
                return
            # No two things happen at the same instant, so an instant tells what happened.
            self.now += timedelta(microseconds=self.rng.randint(10**8, 10**10))
            (name,) = self.rng.choices(list(HAPPENINGS), list(HAPPENINGS.values()))
            getattr(self, f"_{name}")()
            yield

    @property
    def ended(self) -> bool:
        """Has the appraisal come to its end?"""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            return instances.get(tx, self.cases[0]).status != InstanceStatus.RUNNING

    @property
    def definition(self) -> LoadedDefinition:
        """The system that is played."""
        desk = self.office.desk
        with desk.store.reading(self.office.agency_id) as tx:
            return desk.definitions.get(tx, cycles.get(tx, self.office.cycle_id).definition_id)

    def actor(self, person: str) -> Actor:
        """Somebody as he is now."""
        return self.office.actor(person, self.now)

    def _give_duties(self) -> None:
        """Everybody may hold any duty, the appraised person too; each is held by somebody."""
        given = tuple(
            DutyRow(f"d-{function}-{person}", EmployeeId(person), function.value, None, SINCE)
            for function in UnitFunction
            for person in self.rng.sample(EVERYBODY, self.rng.randint(1, 2))
        )
        office, more = self.office, Organisation(duties=given)
        import_people(office.desk, founder(office.agency_id), people=more, now=self.now)

    def _ask_citizens(self) -> None:
        """No survey, an open one, or one closed after none to seven answers."""
        if self.rng.random() < 0.3:
            return
        survey = surveys.opened(self.office)
        self.citizens = self.rng.randrange(8)
        said = {element.value: self.rng.randint(1, 4) for element in Element}
        if self.citizens:
            surveys.answered(self.office, survey, self.citizens, **said)
        if self.rng.random() < 0.8:
            surveys.closed(self.office, survey)

    def open(self) -> list[WorkItemRow]:
        """What waits for people, in the appraisal and beside it."""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            return [item for case in self.cases for item in work_items.open_of_instance(tx, case)]

    def _answer(self) -> None:
        """Somebody hands in what is his to do."""
        if waiting := self.open():
            item = self.rng.choice(waiting)
            self._hand_in(item, self._holders(item))

    def _reach_beyond(self) -> None:
        """Somebody hands in what he pleases, above all the appraised person."""
        if waiting := self.open():
            self._hand_in(self.rng.choice(waiting), [self.subject, self.rng.choice(EVERYBODY)])

    def _hand_in(self, item: WorkItemRow, tried_by: Sequence[str]) -> None:
        opened = self._opened(item)
        answers = self._answers(item, opened) if opened else None
        if opened is None or answers is None:
            return
        desk = self.office.desk
        for person in tried_by:
            self.now += timedelta(seconds=1)
            try:
                done = complete_work_item(
                    desk, self.actor(person), item_id=item.id, answers=answers, now=self.now
                )
            except REFUSED:
                continue
            except DeadlinePassed:
                return
            if done.held:
                self.broken.append(item.element_id)
            counted = validate(opened.form, answers, opened.context)[0]
            self.deeds.append(
                Deed(item.process_id, item.element_id, person, self.now, answers, counted)
            )
            return

    def _holders(self, item: WorkItemRow) -> list[str]:
        """Whose work it is, in any order."""
        if item.assignee_id:
            return [item.assignee_id]
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            unit = instances.get(tx, item.instance_id).unit_id
        function = UnitFunction(item.function) if item.function else None
        found = [p for p in EVERYBODY if function and self.actor(p).holds(function, unit)]
        return self.rng.sample(found, len(found))

    def _opened(self, item: WorkItemRow) -> OpenForm | None:
        for person in self._holders(item):
            try:
                return open_form(
                    self.office.desk, self.actor(person), item_id=item.id, language="id",
                    now=self.now,
                )  # fmt: skip
            except (Forbidden, NotFound):
                continue
        return None

    def _answers(self, item: WorkItemRow, opened: OpenForm) -> Answers | None:
        """Answers that the form takes, None when nobody could think of any."""
        known = examples(self.definition.bundle.system).get(item.element_id, ())
        for _ in range(GUESSES):
            guess = self._guess(opened, known)
            refused = validate(opened.form, guess, opened.context)[1]
            if not refused and not self._named_often(item, guess.get("nip")):
                return guess
        return None

    def _named_often(self, item: WorkItemRow, nip: object) -> bool:
        """Nobody names a person for the same thing again and again."""
        named = [deed.answers.get("nip") for deed in self.deeds if deed.element == item.element_id]
        return nip is not None and named.count(nip) >= MOST_NAMINGS

    def _guess(self, opened: OpenForm, known: Sequence[Answers]) -> Answers:
        """Anything, or what a named path says, with anything here and there."""
        anything = dict(random_answers(opened.form, opened.context, self.rng))
        silent = self.rng.choice([0.0, 0.0, 0.5])
        for name, found in opened.form.fields.items():
            if found.kind in (Kind.TEXT, Kind.TEXTAREA) and isinstance(anything.get(name), str):
                anything[name] = f"{SECRET} {self.rng.randrange(10**12)} {anything[name]}"
            if found.kind in LEFT_OUT and self.rng.random() < silent:
                anything[name] = None
        if not known or self.rng.random() < 0.4:
            return self._named(anything)
        example = overlaid(dict(opened.values), exact(self.rng.choice(known)))
        kept = self.rng.choice([0.0, 0.1, 0.4])
        return self._named(
            {**example, **{k: v for k, v in anything.items() if self.rng.random() < kept}}
        )

    def _named(self, value: Any) -> Any:
        """The same with the number of some person wherever one is asked for."""
        if isinstance(value, dict):
            return {k: self._nip() if k == "nip" else self._named(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self._named(inner) for inner in value]
        return self._nip() if isinstance(value, str) and value.startswith("$nip.") else value

    def _nip(self) -> str:
        """The number of somebody at hand, more often of one who stands beside the employee."""
        anybody = self.rng.random() < 0.2
        chosen = self.rng.choice(EVERYBODY if anybody else equals(self.subject))
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            return people.employee(tx, EmployeeId(chosen)).nip

    def _lapse(self) -> None:
        """Nobody does anything until the next date has passed."""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            due = [row.due_at for case in self.cases for row in timers.of_instance(tx, case)]
        if due:
            self.now = max(self.now, min(due) + timedelta(seconds=self.rng.randint(1, 90_000)))
            fire_due_timers(self.office.desk, self.office.agency_id, now=self.now)

    def _beside(self) -> None:
        """Somebody opens a process beside the appraisal, if he may."""
        settings = self.definition.settings
        if not settings.beside:
            return
        try:
            opened = open_beside(
                self.office.desk, self.actor(self.rng.choice(EVERYBODY)),
                cycle_id=self.office.cycle_id, subject_id=EmployeeId(self.subject),
                process_id=self.rng.choice(sorted(settings.beside)), now=self.now,
            )  # fmt: skip
        except REFUSED:
            return
        if opened not in self.cases:
            self.cases.append(opened)

    def _month(self) -> None:
        """The system opens what each month opens."""
        open_months(self.office.desk, self.office.agency_id, now=self.now)
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            known = tx.connection.execute(_OF_SUBJECT, {"subject": self.subject}).scalars()
            self.cases += [case for case in known if case not in self.cases]

    def _achievement(self) -> None:
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            unit = instances.get(tx, self.cases[0]).unit_id
        try:
            set_organisation_achievement(
                self.office.desk, self.actor("hr_officer"), cycle_id=self.office.cycle_id,
                unit_id=unit, level=self.rng.choice(list(OrganisationAchievement)),
                reason="Capaian sesuai LKjIP.", now=self.now,
            )  # fmt: skip
        except REFUSED:
            return

    def _withdraw(self) -> None:
        try:
            withdraw_appeal(
                self.office.desk, self.actor(self.rng.choice([self.subject, *EVERYBODY])),
                instance_id=self.cases[0], now=self.now,
            )  # fmt: skip
        except REFUSED:
            return

    def _take_over(self) -> None:
        """Whoever was offered a late rating takes it over, or somebody else tries to."""
        offered = [item for item in self.open() if item.offered_to]
        if not offered:
            return
        item = self.rng.choice(offered)
        person = self.rng.choice([str(item.offered_to), self.subject])
        try:
            take_over(
                self.office.desk, self.actor(person), item_id=item.id, reason="Terlambat.",
                now=self.now,
            )  # fmt: skip
        except REFUSED:
            return


def above(person: str) -> Iterator[str]:
    """Everybody above a person, the next one first."""
    while superior := SUPERIORS[person]:
        yield superior
        person = superior


def equals(person: str) -> tuple[str, ...]:
    """Who is neither above nor below a person nor he himself."""
    apart = {person, *above(person)}
    return tuple(p for p in EVERYBODY if p not in apart and person not in above(p))


@cache
def examples(system: str) -> Mapping[str, Sequence[Answers]]:
    """What the named paths of a system say of each step."""
    found: dict[str, list[Answers]] = {}
    for file in sorted((ROOT / f"workflows/{system}/paths").glob("*.json")):
        for step in _steps(read_path(file)["steps"]):
            found.setdefault(step["complete"], []).append(step["with"])
    return found


def _steps(steps: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for step in steps:
        if "complete" in step:
            yield step
        yield from _steps(step.get("steps", ()))
