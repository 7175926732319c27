"""Runs a system's named paths through the commands, as its people would; each step loads anew."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.commands.achievements import set_organisation_achievement
from engine.commands.answers import acting_role, form_context
from engine.commands.appeals import take_over, withdraw_appeal
from engine.commands.beside import open_beside
from engine.commands.complete import complete_work_item
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.plan_sheet import PlanLine
from engine.commands.steps import open_step
from engine.commands.trail import Scribe
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.people import Actor, EmployeeId
from engine.jobs.kept_messages import deliver_kept_messages
from engine.jobs.monthly import open_months
from engine.jobs.timers import fire_due_timers
from engine.rules.deadlines import parse_duration
from engine.rules.forms import initial_values
from engine.store import appraisals, instances, people, work_items
from engine.store import beside as beside_runs
from engine.store.people import DutyRow
from engine.store.work_items import WorkItemRow
from tests import surveys
from tests.logs import keep_log
from tests.office import POSITIONS, SINCE, Office

PERSONS = {"hr": "hr_officer", "second_hr": "hr_colleague", "official": "auditor"}
CHAIN = ("subject", "rater", "rater_superior", "next_superior", "final_authority")
PEOPLE = frozenset(key for key, *_ in POSITIONS)
LAST_DAY = date(2025, 12, 31)
UPWARDS = ("clerk", "division_head", "department_head", "assistant", "sekda")


@dataclass
class Scenario:
    """One path on its way: the office, the case, the clock, and what was seen."""

    office: Office
    path: Mapping[str, Any]
    now: datetime = field(init=False)
    instance_id: str = field(init=False)
    subject: str = field(init=False)
    beside: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.now = datetime.fromisoformat(self.path["start"])
        self.subject = self._subject()
        self._give_duties()
        self._ask_citizens(self.path.get("survey", []))
        plan = tuple(plan_line(entry) for entry in self.path["subject"]["plan"])
        self.instance_id = self.office.start(self.subject, self.now, plan=plan)

    def run(self) -> None:
        """Do every step in order."""
        for number, step in enumerate(self.path["steps"]):
            try:
                self._do(step)
            except Exception as error:
                error.add_note(f"step {number}: {json.dumps(step)[:200]}")
                raise

    def _give_duties(self) -> None:
        """The duties that people of this path hold besides those of the office."""
        given = tuple(
            DutyRow(f"d-{role}-{function}", EmployeeId(PERSONS[role]), function, None, SINCE)
            for role, function in self.path.get("duties", {}).items()
        )
        if given:
            office = self.office
            more = Organisation(duties=given)
            import_people(office.desk, founder(office.agency_id), people=more, now=self.now)

    def _subject(self) -> str:
        """Somebody whose post has what the path says of the subject."""
        wanted = self.path["subject"]
        if not self.path["authorities"]:
            return "assistant"
        if wanted.get("is_unit_head"):
            return "division_head"
        return "analyst" if wanted.get("is_functional") else "clerk"

    def _do(self, step: Mapping[str, Any]) -> None:
        if "complete" in step:
            self._complete(step)
        elif "advance" in step:
            self.now += parse_duration(step["advance"])
            fire_due_timers(self.office.desk, self.office.agency_id, now=self.now)
        elif "message" in step:
            self._set_achievement(step["level"])
        elif "survey" in step:
            self._ask_citizens(step["survey"])
        elif "log" in step:
            keep_log(self.office, self.subject, LAST_DAY, self.now, **step["log"])
        elif "begin" in step:
            self._run_beside(step)
        elif "open" in step:
            self._open_beside(step["open"], step["as"])
        elif "withdraw_appeal" in step:
            withdraw_appeal(
                self.office.desk, self._actor(self.subject),
                instance_id=self.instance_id, now=self.now,
            )  # fmt: skip
        elif "take_over" in step:
            item = self._item(step["take_over"])
            actor = self._actor(self._person(step["as"], item))
            reason = "Penilaian terlambat dua pekan."
            take_over(self.office.desk, actor, item_id=item.id, reason=reason, now=self.now)
        else:
            self._expect(step["expect"])

    def _run_beside(self, step: Mapping[str, Any]) -> None:
        """Open a process beside the appraisal, do its steps, and go on with the appraisal."""
        main = self.instance_id
        if "as" not in step:
            self.instance_id = self._run_of_month(step["begin"])
        else:
            self.instance_id = open_beside(
                self.office.desk, self._actor(self._person(step["as"])),
                cycle_id=self.office.cycle_id, subject_id=EmployeeId(self.subject),
                process_id=step["begin"], now=self.now,
            )  # fmt: skip
        for inner in step["steps"]:
            self._do(inner)
        self.instance_id = main

    def _run_of_month(self, process: str) -> str:
        """What the month opens for everybody, opened for the subject of this path."""
        office, subject = self.office, EmployeeId(self.subject)
        open_months(office.desk, office.agency_id, now=self.now)
        with office.desk.store.reading(office.agency_id) as tx:
            turn = f"{self.now:%Y-%m}"
            found = beside_runs.find(tx, office.cycle_id, subject, process, turn)
        assert found, f"{process} was not opened"
        return found

    def _actor(self, person: str) -> Actor:
        return self.office.actor(person, self.now)

    def _complete(self, step: Mapping[str, Any]) -> None:
        item = self._item(step["complete"], step["as"])
        actor = self._actor(self._person(step["as"], item))
        answers = self._filled(item, actor, self._told(step["with"]))
        done = complete_work_item(
            self.office.desk, actor, item_id=item.id, answers=answers, now=self.now
        )
        assert not done.held, "an automatic step failed"

    def _filled(
        self, item: WorkItemRow, actor: Actor, given: Mapping[str, Any]
    ) -> Mapping[str, object]:
        """What the form opens with, overlaid with what the path says."""
        desk = self.office.desk
        with desk.store.transaction(self.office.agency_id) as tx:
            loaded = instances.load_for_step(tx, item.id).instance
            scribe = Scribe(item.instance_id, loaded.row.definition_id, self.now, actor.employee_id)
            step = open_step(desk, tx, loaded, scribe)
            task = next(task for task in step.execution.ready if task.task_id == item.task_id)
            form = step.definition.form_of_task(task)
            assert form is not None, item.element_id
            context = form_context(step, task, item, acting_role(step, actor, item))
            return overlaid(initial_values(form, context), given)

    def _set_achievement(self, level: str) -> None:
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            unit = instances.get(tx, self.instance_id).unit_id
        set_organisation_achievement(
            self.office.desk, self._actor("hr_officer"), cycle_id=self.office.cycle_id,
            unit_id=unit, level=OrganisationAchievement(level), reason="Capaian sesuai LKjIP.",
            now=self.now,
        )  # fmt: skip

    def _ask_citizens(self, answers: Sequence[Mapping[str, int]]) -> None:
        """A survey of the division, closed after these answers; without any there is none."""
        if not answers:
            return
        survey = surveys.opened(self.office)
        for given in answers:
            surveys.answered(self.office, survey, **given)
        surveys.closed(self.office, survey)
        deliver_kept_messages(self.office.desk, self.office.agency_id, now=self.now)

    def _open_beside(self, process: str, role: str) -> None:
        opened = open_beside(
            self.office.desk, self._actor(self._person(role)), cycle_id=self.office.cycle_id,
            subject_id=EmployeeId(self.subject), process_id=process, now=self.now,
        )  # fmt: skip
        self.beside.append(opened)

    def _open(self) -> tuple[WorkItemRow, ...]:
        """What waits for people, in the appraisal and beside it."""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            cases = (self.instance_id, *self.beside)
            return tuple(i for case in cases for i in work_items.open_of_instance(tx, case))

    def _item(self, element: str, role: str = "") -> WorkItemRow:
        found = [item for item in self._open() if item.element_id == element]
        if len(found) > 1:
            found = [item for item in found if item.assignee_id == PERSONS.get(role, role)]
        assert len(found) == 1, f"{element} is not open once: {self._open()}"
        return found[0]

    def _person(self, role: str, item: WorkItemRow | None = None) -> str:
        if role in PERSONS:
            return PERSONS[role]
        if role in PEOPLE:
            return role
        if role == "authority":
            assert item is not None
            assert item.assignee_id is not None
            return item.assignee_id
        if role == "subject":
            return self.subject
        start = UPWARDS.index(self.subject if self.subject in UPWARDS else "clerk")
        return UPWARDS[start + CHAIN.index(role)]

    def _told(self, value: Any) -> Any:
        """The path's values: numbers exact, `$nip.<role>` as the person's NIP."""
        if isinstance(value, dict):
            return {key: self._told(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._told(inner) for inner in value]
        if isinstance(value, str) and value.startswith("$nip."):
            with self.office.desk.store.reading(self.office.agency_id) as tx:
                person = EmployeeId(self._person(value.removeprefix("$nip.")))
                return people.employee(tx, person).nip
        return exact(value)

    def _expect(self, expected: Mapping[str, Any]) -> None:
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            row = instances.get(tx, self.instance_id)
            appraisal = appraisals.get(tx, self.instance_id)
        if "open" in expected:
            assert sorted(item.element_id for item in self._open()) == sorted(expected["open"])
        if "closed" in expected:
            assert (row.status == "completed") == expected["closed"]
        if "result" in expected:
            assert appraisal.predicate == expected["result"]["predicate"]
            assert appraisal.result_version == expected["result"]["version"]
            assert appraisal.local_score == expected["result"].get("local_score")
        if "authority" in expected:
            item = self._item("appeal_decision")
            assert item.assignee_id == self._person(expected["authority"])


def exact(value: Any) -> Any:
    """A value of a path with exact numbers, which its file cannot hold."""
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else value


def overlaid(base: Any, given: Any) -> Any:
    """`given` over `base`: dicts by key, lists of rows by position, anything else replaced."""
    if isinstance(base, dict) and isinstance(given, dict):
        return {**base, **{key: overlaid(base.get(key), inner) for key, inner in given.items()}}
    if isinstance(base, list) and isinstance(given, list) and len(base) >= len(given):
        head = [overlaid(base[place], inner) for place, inner in enumerate(given)]
        return head + base[len(given) :]
    return given


def plan_line(entry: Mapping[str, Any]) -> PlanLine:
    """A line of a path's plan as it is imported."""
    target = entry["target"]
    return PlanLine(
        result_plan=entry["result_plan"],
        kind=entry["kind"],
        indicator=entry["indicator"],
        target=None if target is None else Decimal(str(target)),
        target_text=entry["target_text"] or "",
        unit=entry["unit"] or "",
        inverse=entry["inverse"],
    )


def read_path(file: Path) -> Mapping[str, Any]:
    """A named path of a system."""
    document: Mapping[str, Any] = json.loads(file.read_text())
    return document
