"""What follows a result in the shipped systems: forms that ask enough, rows that are owned."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from engine.commands.definitions import load_forms
from engine.library import read_bundle, read_settings, systems
from engine.rules.deadlines import Calendar
from engine.rules.forms import FormContext, validate
from engine.store import follow_ups
from tests.office import ROOT
from tests.workflows.walesi import Begun, begun

__all__ = ["begun"]

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LONG = "Memimpin perbaikan layanan perizinan sehingga semua izin selesai tepat waktu."
COURSE = {"course": "Etika", "provider": "BPSDM", "starts_on": "2026-03-02", "hours": 1}
HONOUR = {"recognition_type": "certificate", "citation": LONG, "publish_consent": False}
GOAL = {"goal": LONG, "measure": "Rekap izin bulanan", "due_on": "2026-06-30"}


def wrong(form: str, answers: Mapping[str, object]) -> set[str]:
    """The fields of a shared form that are refused."""
    known = load_forms(read_bundle(ROOT, "national"))[f"{form}-schema.json"]
    context = FormContext({}, "owner", NOW, Calendar("Asia/Jakarta", frozenset()))
    return {finding.element_id or "" for finding in validate(known, answers, context)[1]}


@pytest.mark.parametrize(
    ("form", "answers", "refused"),
    [
        ("training_assignment", COURSE, set()),
        ("training_assignment", {**COURSE, "hours": 0}, {"hours"}),
        ("training_assignment", {}, {"course", "provider", "starts_on", "hours"}),
        ("recognition", HONOUR, set()),
        ("recognition", {**HONOUR, "citation": LONG[:49]}, {"citation"}),
        ("improvement_plan", {"goals": [GOAL]}, set()),
        ("improvement_plan", {"goals": []}, {"goals"}),
        ("improvement_verdict", {"verdict": "perhaps", "reasons": LONG}, {"verdict"}),
        ("progress_note", {"progress": LONG, "standing": "behind"}, set()),
    ],
)
def test_the_forms_of_follow_ups_ask_for_enough(
    form: str, answers: Mapping[str, object], refused: set[str]
) -> None:
    assert wrong(form, answers) == refused


@pytest.mark.parametrize("system", systems(ROOT))
def test_every_system_has_the_forms_of_its_follow_ups_and_a_recap(system: str) -> None:
    bundle = read_bundle(ROOT, system)
    settings, forms = read_settings(bundle), load_forms(bundle)

    asked = {name for kind in settings.follow_ups.values() for name in kind.forms}

    assert asked <= forms.keys()
    assert all(forms[name].sections for name in asked)
    plan = settings.follow_ups["improvement_plan_6m"]
    assert (plan.checkpoints, dict(plan.failed)) == (6, {"verdict": "not_met"})
    assert settings.recap is not None


def test_a_training_of_walesi_is_hrs_to_do_within_its_days(begun: Begun) -> None:
    scenario = begun("weak_communication")

    scenario.run()

    with scenario.office.desk.store.reading(scenario.office.agency_id) as tx:
        found = {row.kind: row for row in follow_ups.of_instance(tx, scenario.instance_id)}
    training = found["soft_communication"]
    assert (training.function, training.owner_id, training.state) == ("hr", None, "open")
    assert training.due_on is not None
    assert (training.due_on - training.created_at.date()).days in (90, 91)
