"""What invented people answer: each form filled from its prefilled values and the story."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from api.demo.story import Story
from api.demo.words import words
from engine.commands.work_forms import OpenForm
from engine.rules.deadlines import local_date
from engine.rules.forms import settle

Values = dict[str, object]
Row = dict[str, object]

# Realisation over target: enough for the rating that the story wants to be suggested.
SHARES = {"below": (70, 86), "as_expected": (93, 106), "above": (112, 119)}
BEHAVIOURS_ABOVE = 5


class Filling:
    """Fills one form of one case; the same seed gives the same answers."""

    def __init__(
        self, opened: OpenForm, story: Story, rng: random.Random, files: tuple[str, ...] = ()
    ) -> None:
        self.opened, self.story, self.rng, self.files = opened, story, rng, list(files)
        self.values: Values = dict(opened.values)

    @property
    def today(self) -> date:
        """The local day of the step."""
        return local_date(self.opened.context.now, self.opened.context.calendar)

    def text(self, *path: str) -> str:
        """A text from the list at `path`."""
        found: object = words("texts")
        for step in path:
            found = found[step]  # type: ignore[index]
        return str(self.rng.choice(found))  # type: ignore[arg-type]

    def rows(self, name: str) -> list[Row]:
        """The rows that the case prefilled, as copies that may be changed."""
        given = self.values.get(name)
        rows = (
            [dict(row) for row in given if isinstance(row, Mapping)]
            if isinstance(given, list)
            else []
        )
        self.values[name] = rows
        return rows

    def evidence(self) -> list[Row]:
        """An uploaded file as long as there are some, then paper documents."""
        if self.files:
            return [{"kind": "file", "file_id": self.files.pop(), "note": self.text("evidence")}]
        number = f"{self.rng.randint(100, 989)}/{self.rng.randint(1, 40):02d}/{self.today.year}"
        return [{"kind": "paper", "number": number, "note": self.text("evidence")}]


def fill(
    opened: OpenForm, element: str, story: Story, rng: random.Random, files: tuple[str, ...] = ()
) -> Values:
    """The answers of a step; `files` were uploaded for it."""
    filling = Filling(opened, story, rng, files)
    FILLERS[element](filling)
    return filling.values


def _self_assessment(form: Filling) -> None:
    for row in form.rows("rows"):
        target = row.get("target")
        if isinstance(target, Decimal):
            row["realisation"] = _realised(form, target, inverse=row.get("inverse") is True)
        else:
            row["realisation_text"] = form.text("realisation")
        row["evidence"] = form.evidence()
        if form.rng.random() < 0.3:
            row["obstacle"] = form.text("obstacle")
    form.values["confirmed"] = True


def _realised(form: Filling, target: Decimal, *, inverse: bool) -> Decimal:
    share = Decimal(form.rng.randint(*SHARES[form.story.result])) / 100
    value = target / share if inverse else target * share
    places = Decimal(1) if value >= 20 else Decimal("0.1")
    return value.quantize(places, rounding=ROUND_HALF_UP)


def _supervisor_review(form: Filling) -> None:
    story = form.story
    for row in form.rows("rows"):
        if form.rng.random() < 0.5:
            row["feedback"] = form.text("feedback", story.result)
    for place, row in enumerate(form.rows("behaviours")):
        if story.behaviour != "as_expected" and place < BEHAVIOURS_ABOVE:
            row["rating"] = story.behaviour
            row["feedback"] = form.text("feedback", story.behaviour)
            row["evidence"] = form.evidence()
    form.values["result_rating_decided"] = story.result
    form.values["behaviour_rating_decided"] = story.behaviour
    if "above" in (story.result, story.behaviour):
        form.values["strengths"] = form.text("review", "strengths")
    if "below" in (story.result, story.behaviour):
        form.values["weaknesses"] = form.text("review", "weaknesses")
        form.values["recommendation"] = form.text("review", "recommendation")
    if _deviates(form):
        form.values["override_reason"] = form.text("review", "override")


def _deviates(form: Filling) -> bool:
    """Whether a decided rating differs from the one the form suggests."""
    settled = settle(form.opened.form, form.values, form.opened.context).values
    pairs = (
        ("result_suggested", "result_rating_decided"),
        ("behaviour_suggested", "behaviour_rating_decided"),
    )
    return any(
        settled.get(suggested) and settled.get(decided) not in {None, settled[suggested]}
        for suggested, decided in pairs
    )


def _discussion_record(form: Filling) -> None:
    due = form.today + timedelta(days=90)
    form.values |= {
        "held_on": form.today.isoformat(),
        "mode": form.rng.choice(["in_person", "online"]),
        "topics": ["results", "behaviour", "development"],
        "agreements": [
            {
                "text": form.text("discussion", "agreements"),
                "owner": form.rng.choice(["employee", "rater"]),
                "due_on": due.isoformat(),
            }
        ],
        "rater_note": form.text("discussion", "note"),
    }


def _discussion_confirm(form: Filling) -> None:
    form.values |= {"took_place": True, "wants_explanation": form.story.explanation}


def _explanation_request(form: Filling) -> None:
    rows = form.rows("questions")
    if rows:
        rows[0]["question"] = form.text("explanation", "question")
    form.values["general_question"] = form.text("explanation", "general")


def _explanation_reply(form: Filling) -> None:
    for row in form.rows("answers"):
        if row.get("question"):
            row["answer"] = form.text("explanation", "answer")
    form.values["general_answer"] = form.text("explanation", "answer")
    form.values["will_revise"] = False


def _sign(form: Filling) -> None:
    form.values["confirmed"] = True


def _deliver_result(form: Filling) -> None:
    if form.opened.context.acting_as == "subject":
        form.values["opened"] = True
        return
    form.values |= {
        "manner": "handed_over",
        "handed_over_on": form.today.isoformat(),
        "receipt_number": f"TT-{form.rng.randint(100, 999)}/{form.today.year}",
    }


def _notify_ack(form: Filling) -> None:
    form.values |= {"result_read": True, "decision": form.story.choice}


def _file_appeal(form: Filling) -> None:
    for place, row in enumerate(form.rows("contested_results")):
        row["contested"] = place == 0
    form.values |= {
        "grounds": ["evidence_ignored", "factual_error"],
        "statement": form.text("appeal", "statement"),
        "contested_parts": [_contested(form)],
        "requested_outcome": "raise_behaviour" if _heads_unit(form) else "raise_result",
        "evidence": form.evidence(),
    }


def _rater_statement(form: Filling) -> None:
    form.values["statement"] = form.text("appeal", "rater")


def _employee_statement(form: Filling) -> None:
    form.values["statement"] = form.text("appeal", "employee")


def _appeal_decision(form: Filling) -> None:
    changes = form.story.appeal == "change"
    finding = "upheld" if changes else "rejected"
    for row in form.rows("findings"):
        if row.get("contested"):
            row["finding"] = finding
    form.values |= {
        f"finding_{_contested(form)}": finding,
        "decision": form.story.appeal,
        "reasons": form.text("appeal", form.story.appeal),
    }
    if changes:
        form.values[_contested(form)] = "above"


def _contested(form: Filling) -> str:
    """Of a unit head only the behaviour can change: the result is the organisation's."""
    return "behaviour_rating" if _heads_unit(form) else "result_rating"


def _heads_unit(form: Filling) -> bool:
    case = form.opened.context.data.get("case")
    return isinstance(case, Mapping) and case.get("is_unit_head") is True


def _acknowledge_final(form: Filling) -> None:
    form.values["result_read"] = True


FILLERS: Mapping[str, Callable[[Filling], None]] = {
    "self_assessment": _self_assessment,
    "supervisor_review": _supervisor_review,
    "discussion_record": _discussion_record,
    "discussion_confirm": _discussion_confirm,
    "explanation_request": _explanation_request,
    "explanation_reply": _explanation_reply,
    "sign_result": _sign,
    "deliver_result": _deliver_result,
    "notify_ack": _notify_ack,
    "file_appeal": _file_appeal,
    "rater_statement": _rater_statement,
    "employee_statement": _employee_statement,
    "appeal_decision": _appeal_decision,
    "sign_changed": _sign,
    "acknowledge_final": _acknowledge_final,
}
