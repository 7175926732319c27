"""What HR and others do besides cases while the period runs: each on its day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.demo.casting import WITHOUT_ACHIEVEMENT
from api.demo.days import LAUNCHED
from api.demo.stage import Stage
from api.demo.words import words
from engine.commands.comments import write_comment
from engine.commands.extensions import request_extension
from engine.commands.launch import request_launch
from engine.commands.messages import send_message
from engine.commands.organisation_substitutes import record_substitute
from engine.commands.population import choose_population, declare_conflict, name_rater
from engine.commands.reminding import remind
from engine.commands.retained import ORGANISATION_ACHIEVEMENT
from engine.commands.transfers import confirm_transfers, plan_transfers, preview_transfers
from engine.domain.comments import Audience
from engine.domain.people import EmployeeId, UnitId
from engine.domain.population import Filters, RelationKind
from engine.domain.transfers import NewPost, PlannedTransfer, TransferKind
from engine.errors import Conflict
from engine.jobs.extending import extend_deadlines
from engine.jobs.launching import continue_launches
from engine.jobs.transfers import carry_out_transfers
from engine.queries.extensions import Scope

MARRIED = (
    ("dpmptsp_bidang_2_kepala", "dpmptsp_bidang_2_staf_1"),
    ("dishub_bidang_1_kepala", "dishub_bidang_1_staf_3"),
)
OTHER_RATER = ("dpmptsp_bidang_2_staf_1", "dpmptsp_kepala")
LEAVING = (
    ("dpmptsp_bidang_1_staf_4", TransferKind.UNPAID_LEAVE, 30),
    ("dinsos_bidang_2_staf_3", TransferKind.DEATH, 12),
    ("dinsos_bidang_1_kepala", TransferKind.RETIREMENT, 10),
)
MOVED = ("disdukcapil_bidang_1_staf_4", "disdik_bidang_2", "Pengolah Data")
UNKNOWN_LEVEL = "unggul"
EXTENDED_UNIT = "pupr"
EXTRA_DAYS = 14


@dataclass(frozen=True)
class Absence:
    """The posts of somebody absent and of the substitute; it `lasts` days and `began` days ago."""

    absent: str
    substitute: str
    lasts: int
    began: int


ABSENCES = (
    Absence("disdik_bidang_1_staf_2", "disdik_bidang_1_staf_3", lasts=330, began=40),
    Absence("pupr_bidang_1_staf_2", "pupr_bidang_1_staf_3", lasts=90, began=20),
    Absence("pupr_bidang_2_kepala", "pupr_bidang_1_kepala", lasts=150, began=30),
)


@dataclass(frozen=True)
class Deeds:
    """What is done in the office during one period."""

    stage: Stage
    cycle_id: str

    def lives(self) -> list[Iterator[datetime]]:
        """Everything, each at its instant."""
        days = self.stage.days
        first = days.begun + timedelta(hours=1)
        month_six = days.morning(date(days.year, 6, 10))
        deeds: list[tuple[datetime, Callable[[datetime], None]]] = [
            (min(month_six, days.begun - timedelta(days=3)), self.move_somebody),
            (first, self.declare_the_married),
            (days.now - LAUNCHED, self.launch),
            (days.ago(4), self.talk_about_cases),
            (days.ago(2), self.give_more_time),
            (days.ago(1.5), self.receive_a_wrong_word),
            (days.ago(1), self.remind_the_late),
        ]
        deeds += [(days.ago(one.began), self._absence(one)) for one in ABSENCES]
        deeds += [(days.ago(ago), self._leaving(post, kind)) for post, kind, ago in LEAVING]
        return [_deed(at, deed) for at, deed in deeds]

    def launch(self, at: datetime) -> None:
        """HR launches the period for everybody who has no case yet."""
        stage, desk = self.stage, self.stage.desk
        choose_population(desk, stage.hr(at), cycle_id=self.cycle_id, filters=Filters(), now=at)
        expected = len(stage.regency.employees)
        request_launch(desk, stage.hr(at), cycle_id=self.cycle_id, expected=expected, now=at)
        while continue_launches(desk, stage.agency_id, now=at):
            pass

    def move_somebody(self, at: datetime) -> None:
        """A transfer in the middle of the period."""
        post, unit, title = MOVED
        if unit in {row.id for row in self.stage.regency.units}:
            self._transfer(post, TransferKind.TRANSFER, at, NewPost(UnitId(unit), title))

    def declare_the_married(self, at: datetime) -> None:
        """Married raters do not rate; for one couple somebody else is named."""
        stage, desk = self.stage, self.stage.desk
        for pair in MARRIED:
            one, other = (stage.holder(post) for post in pair)
            if one and other:
                declare_conflict(
                    desk, stage.hr(at), people_ids=(one, other), kind=RelationKind.MARRIED, now=at
                )
        person, rater = (stage.holder(post) for post in OTHER_RATER)
        if person and rater:
            dates = (stage.days.founded.date(), None)
            name_rater(desk, stage.hr(at), employee_id=person, rater_id=rater, dates=dates, now=at)

    def _absence(self, absence: Absence) -> Callable[[datetime], None]:
        def deed(at: datetime) -> None:
            stage = self.stage
            one, other = stage.holder(absence.absent), stage.holder(absence.substitute)
            starts = at.astimezone(stage.days.zone).date()
            if one and other:
                record_substitute(
                    stage.desk, stage.hr(at), absent_id=one, substitute_id=other,
                    starts=starts, ends=starts + timedelta(days=absence.lasts), now=at,
                )  # fmt: skip

        return deed

    def _leaving(self, post: str, kind: TransferKind) -> Callable[[datetime], None]:
        return lambda at: self._transfer(post, kind, at, None)

    def _transfer(self, post: str, kind: TransferKind, at: datetime, to: NewPost | None) -> None:
        """Planned, looked at, confirmed and carried out on the same day."""
        stage, person = self.stage, self.stage.holder(post)
        if person is None:
            return
        wanted = PlannedTransfer(person, kind, at.astimezone(stage.days.zone).date(), to)
        batch = plan_transfers(stage.desk, stage.hr(at), planned=[wanted], now=at)
        seen = preview_transfers(stage.desk, stage.hr(at), batch_id=batch, now=at)
        confirm_transfers(stage.desk, stage.hr(at), batch_id=batch, seal=seen.seal, now=at)
        carry_out_transfers(stage.desk, stage.agency_id, now=at)

    def talk_about_cases(self, at: datetime) -> None:
        """Notes on two cases: one for everybody, one among those who handle it."""
        said = words("texts")["comments"]
        for post, audience in (
            ("dinkes_bidang_1_staf_3", Audience.EVERYBODY),
            ("dinkes_bidang_1_staf_4", Audience.OFFICIALS),
        ):
            person = self.stage.holder(post, "planner")
            instance_id = person and self.stage.case_of(person, self.cycle_id)
            if instance_id:
                write_comment(
                    self.stage.desk, self.stage.hr(at), instance_id=instance_id,
                    text=said[audience.value], audience=audience, now=at,
                )  # fmt: skip

    def give_more_time(self, at: datetime) -> None:
        """One department gets two more weeks for the self-assessment."""
        stage, desk = self.stage, self.stage.desk
        due_on = at.astimezone(stage.days.zone).date() + timedelta(days=EXTRA_DAYS)
        scope = Scope(self.cycle_id, "self_assessment", UnitId(EXTENDED_UNIT))
        reason = words("texts")["reasons"]["extension"]
        try:
            request_extension(desk, stage.hr(at), scope=scope, due_on=due_on, reason=reason, now=at)
        except Conflict:
            # In a small regency nothing of this department is open.
            return
        while extend_deadlines(desk, stage.agency_id, now=at):
            pass

    def remind_the_late(self, at: datetime) -> None:
        """HR reminds raters of one department by hand."""
        for post in ("dinsos_bidang_1_staf_1", "dinsos_bidang_1_staf_4", "dinkes_bidang_1_staf_4"):
            person = self.stage.holder(post)
            item = self.stage.open_item(EmployeeId(person), self.cycle_id) if person else None
            if item:
                remind(self.stage.desk, self.stage.hr(at), item_id=item.id, now=at)

    def receive_a_wrong_word(self, at: datetime) -> None:
        """A sender names an achievement that does not exist: what waits for it is held.

        Once HR sets the achievement of the unit, the cases go on with a retry.
        """
        unit = WITHOUT_ACHIEVEMENT[1]
        send_message(
            self.stage.desk, self.stage.hr(at), name=ORGANISATION_ACHIEVEMENT,
            correlation=f"{unit}/{self.cycle_id}", payload={"level": UNKNOWN_LEVEL}, now=at,
        )  # fmt: skip


def _deed(at: datetime, deed: Callable[[datetime], None]) -> Iterator[datetime]:
    yield at
    deed(at)
