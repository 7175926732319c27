"""What happens in the units of the regional systems: a survey, and the first steps of cases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from api.demo.exhibits import Exhibit, exhibits, staff_of
from api.demo.periods import SYSTEM_KEY
from api.demo.regency import Regency
from api.demo.stage import Stage
from engine.commands.beside import open_beside
from engine.commands.citizen_surveys import NewSurvey, close_survey, make_links, open_survey
from engine.commands.complete import complete_work_item
from engine.commands.cycles import open_cycle, start_appraisal
from engine.commands.organisation_units import assign_system
from engine.commands.people import founder, import_people
from engine.commands.plan_sheet import PlanLine
from engine.commands.plans import import_plan
from engine.commands.survey_answers import Answer, answer_survey
from engine.commands.systems import deploy_system
from engine.commands.work_forms import open_form
from engine.domain.citizen_survey import ELEMENTS
from engine.domain.people import Actor, EmployeeId, UnitFunction, UnitId
from engine.jobs.monthly import open_months
from engine.jobs.timers import fire_due_timers
from engine.rules.deadlines import local_date
from engine.store import staffing, work_items
from engine.store.work_items import WorkItemRow

REGENCY = "regency"
BEGUN_DAYS_AGO, SURVEY_DAYS_AGO, SURVEY_DAYS = 45, 30, 14
POPULATION, USUAL = 300, 3


def set_up(stage: Stage, furnished: Regency, at: datetime) -> Mapping[str, str]:
    """The people come, the systems are published, and each unit gets its own and its period.

    Gives the ids of the periods by system. Everybody else stays with the system of the regency.
    """
    desk, chief = stage.desk, founder(stage.agency_id)
    import_people(desk, chief, people=furnished.organisation(), now=at)
    for exhibit in exhibits():
        deploy_system(desk, chief, system=exhibit.system, now=at, plays=0)
    systems = {REGENCY: SYSTEM_KEY} | {exhibit.key: exhibit.system for exhibit in exhibits()}
    for unit, system in systems.items():
        assign_system(desk, stage.hr(at), unit_id=UnitId(unit), system=system, now=at)
    return {exhibit.system: _open_period(stage, exhibit, at) for exhibit in exhibits()}


def _open_period(stage: Stage, exhibit: Exhibit, at: datetime) -> str:
    year = stage.days.year
    return open_cycle(
        stage.desk, stage.hr(at), system=exhibit.system, name=f"{exhibit.unit} {year}",
        starts=date(year, 1, 1), ends=date(year, 12, 31), now=at,
    )  # fmt: skip


def show(stage: Stage, furnished: Regency, periods: Mapping[str, str]) -> None:
    """Each unit has its survey where there is one, and cases that have begun."""
    for exhibit in exhibits():
        room = _Room(stage, exhibit, _path(stage, exhibit), periods[exhibit.system])
        room.ask_citizens()
        people = staff_of(furnished, exhibit)
        for place, employee_id in enumerate(people):
            room.begin(employee_id)
            # The first has come furthest, the second a step, the others are at the beginning.
            room.play(employee_id, len(exhibit.done) if place == 0 else 1 if place == 1 else 0)
        room.play_beside(people[0])
    for at in stage.days.evenings(stage.days.ago(BEGUN_DAYS_AGO), stage.days.now):
        open_months(stage.desk, stage.agency_id, now=at)
        fire_due_timers(stage.desk, stage.agency_id, now=at)


def _path(stage: Stage, exhibit: Exhibit) -> Mapping[str, Any]:
    file = stage.desk.library / f"workflows/{exhibit.system}/paths/plain.json"
    document: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


@dataclass(frozen=True)
class _Room:
    """One unit on its stage; `path` is the named path that its cases follow."""

    stage: Stage
    exhibit: Exhibit
    path: Mapping[str, Any]
    cycle_id: str

    def ask_citizens(self) -> None:
        """A survey that was answered and closed before the cases began."""
        exhibit, stage = self.exhibit, self.stage
        if not exhibit.said:
            return
        opened = stage.days.ago(SURVEY_DAYS_AGO)
        closed = opened + timedelta(days=SURVEY_DAYS)
        day = opened.astimezone(stage.days.zone).date()
        new = NewSurvey(
            self.cycle_id, UnitId(exhibit.key), day, day + timedelta(days=SURVEY_DAYS),
            tuple(exhibit.services), POPULATION,
        )  # fmt: skip
        survey = open_survey(stage.desk, stage.hr(opened), new=new, now=opened)
        answered = opened + timedelta(days=2)
        for group in exhibit.said:
            self._answer(survey, group, day, answered)
        close_survey(stage.desk, stage.hr(closed), survey_id=survey, now=closed)

    def _answer(self, survey: str, group: Mapping[str, Any], day: date, at: datetime) -> None:
        """So many citizens say the same; the first of them writes a comment."""
        given = {element: int(group.get(element.value, USUAL)) for element in ELEMENTS}
        desk, hr = self.stage.desk, self.stage.hr(at)
        links = make_links(desk, hr, survey_id=survey, count=group["people"], now=at)
        for number, link in enumerate(links):
            words = (group["comment"],) if number == 0 else ()
            answer = Answer(given, 1 + number % len(self.exhibit.services), day, *words)
            answer_survey(desk, link, answer=answer, address=f"192.0.2.{number}", now=at)

    def begin(self, employee_id: EmployeeId) -> None:
        """Start the appraisal with the plan of the path."""
        stage, at = self.stage, self.stage.days.ago(self.exhibit.began)
        lines = tuple(_line(entry) for entry in self.path["subject"]["plan"])
        who = {"cycle_id": self.cycle_id, "employee_id": employee_id}
        import_plan(stage.desk, stage.hr(at), lines=lines, now=at, **who)
        start_appraisal(stage.desk, stage.hr(at), now=at, **who)

    def play(self, employee_id: EmployeeId, count: int) -> None:
        """The first `count` of the steps that are done, one a day."""
        told = {step["complete"]: step["with"] for step in self.path["steps"] if "complete" in step}
        at = self.stage.days.ago(self.exhibit.began)
        instance_id = self.stage.case_of(employee_id, self.cycle_id) or ""
        for element in self.exhibit.done[:count]:
            at += timedelta(days=1)
            self._complete(instance_id, element, told[element], at)

    def play_beside(self, employee_id: EmployeeId) -> None:
        """What runs beside the case of a person, opened by himself."""
        for run in self.exhibit.beside:
            at = self.stage.days.ago(run["ago"])
            instance_id = open_beside(
                self.stage.desk, self.stage.seat(employee_id, at), cycle_id=self.cycle_id,
                subject_id=employee_id, process_id=run["process"], now=at,
            )  # fmt: skip
            for days, (element, told) in enumerate(run["steps"].items()):
                self._complete(instance_id, element, told, at + timedelta(days=days))

    def _complete(
        self, instance_id: str, element: str, told: Mapping[str, Any], at: datetime
    ) -> None:
        desk = self.stage.desk
        with desk.store.reading(self.stage.agency_id) as tx:
            waiting = work_items.open_of_instance(tx, instance_id)
        item = next(item for item in waiting if item.element_id == element)
        actor = self._actor(item, at)
        opened = open_form(desk, actor, item_id=item.id, language="id", now=at)
        answers = _overlaid(opened.values, told)
        complete_work_item(desk, actor, item_id=item.id, answers=answers, now=at)

    def _actor(self, item: WorkItemRow, at: datetime) -> Actor:
        if item.assignee_id:
            return self.stage.seat(item.assignee_id, at)
        with self.stage.desk.store.reading(self.stage.agency_id) as tx:
            on = local_date(at, self.stage.desk.calendar(tx, at))
            function = UnitFunction(item.function or UnitFunction.HR)
            return staffing.actor(tx, staffing.duty_holders(tx, function, on)[0], on)


def _line(entry: Mapping[str, Any]) -> PlanLine:
    target = entry["target"]
    return PlanLine(
        result_plan=entry["result_plan"], kind=entry["kind"], indicator=entry["indicator"],
        target=None if target is None else Decimal(str(target)),
        target_text=entry["target_text"] or "", unit=entry["unit"] or "",
        inverse=entry["inverse"],
    )  # fmt: skip


def _overlaid(base: Any, told: Any) -> Any:
    """`told` over what a form opens with: names by name, rows by their place, numbers exact."""
    if isinstance(told, Mapping):
        known = base if isinstance(base, Mapping) else {}
        return {**known, **{key: _overlaid(known.get(key), inner) for key, inner in told.items()}}
    if isinstance(told, list):
        known = base if isinstance(base, list) else []
        before = [known[place] if place < len(known) else None for place in range(len(told))]
        rows = [_overlaid(row, inner) for row, inner in zip(before, told, strict=True)]
        return rows + known[len(told) :]
    is_number = isinstance(told, int | float) and not isinstance(told, bool)
    return Decimal(str(told)) if is_number else told
