"""An employee of a small office who works on paper, and what an operator keys in for him."""

from collections.abc import Mapping
from typing import Any

from engine.commands.complete import CompletedStep, key_in
from engine.commands.keying_in import attach_scan, open_paper
from tests.cases import Case
from tests.office import Office
from tests.teams import OPERATOR, REALISED, STARTED, hire, open_item

PDF = b"%PDF-1.7\n1 0 obj\n"
PERSON = "staff01"
NUMBER = "RAHASIA lemari 3, map 45"
DATED = "2026-01-04"
NOW = STARTED


def on_paper(office: Office) -> Case:
    """The file of somebody who waits with his self-assessment, in an office with two operators."""
    hire(office, 1)
    return Case(office, office.start(PERSON, NOW))


def item(case: Case, element: str = "self_assessment") -> str:
    """The open work of one step."""
    return open_item(case.office, case.id, element).id


def scanned(case: Case, element: str = "self_assessment", content: bytes = PDF) -> list[object]:
    """A scan that the operator attached, as an answer."""
    actor = case.office.actor(OPERATOR, NOW)
    found = attach_scan(
        case.office.desk, actor, item_id=item(case, element), name="kertas.pdf",
        content=content, now=NOW,
    )  # fmt: skip
    return [{"kind": "file", "file_id": found}]


def proof(case: Case, element: str = "self_assessment", **more: Any) -> dict[str, object]:
    """What has to be told of the paper."""
    scan = more.pop("paper_scan") if "paper_scan" in more else scanned(case, element)
    return {"paper_scan": scan, "paper_dated": DATED, "paper_number": NUMBER, **more}


def filled(case: Case, now=NOW) -> Mapping[str, object]:
    """The self-assessment as it stands on the paper."""
    form = open_paper(
        case.office.desk, case.office.actor(OPERATOR, now), item_id=item(case),
        language="id", now=now,
    )  # fmt: skip
    rows = [{**row, **told} for row, told in zip(form.values["rows"], REALISED, strict=True)]
    own = {name: value for name, value in form.values.items() if not name.startswith("paper_")}
    return {**own, "rows": rows, "confirmed": True}


def keyed_in(
    case: Case, answers: Mapping[str, object], who: str = OPERATOR, now=NOW, **more: Any
) -> CompletedStep:
    """Send what was keyed in."""
    element = more.pop("element", "self_assessment")
    item_id = more.pop("item_id", None) or item(case, element)
    actor = case.office.actor(who, now)
    return key_in(case.office.desk, actor, item_id=item_id, answers=answers, now=now, **more)
