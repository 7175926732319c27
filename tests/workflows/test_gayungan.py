"""What Gayungan's source says, tried on its forms, its table and its named paths (GAY-01…12)."""

import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from engine.bpmn import state
from engine.commands.case_answers import case_answers
from engine.commands.definitions import load_forms
from engine.errors import NotFound
from engine.library import read_bundle
from engine.store import instances, submissions
from engine.store.sealing import open_sealed
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.promises import appraisal_of, decider_of, run_as, run_until, versions_of
from tests.workflows.regions import opened, refused
from tests.workflows.scenario import Scenario, read_path

FOLDER = ROOT / "workflows/gayungan"
WORDS = ("Menjaga loket tetap tenang saat antrean panjang.", "Sesekali bergantian mengisi laporan")
QUESTIONS = ("collaboration", "communication", "reliability", "respect", "initiative", "service")
JUDGED = dict.fromkeys(QUESTIONS, 4)
VOICE = {
    "relation": "same_team", "conflict": False, **JUDGED, "strength": WORDS[0],
    "suggestion": "Sesekali bergantian mengisi laporan mingguan.",
}  # fmt: skip

Begun = Callable[[str], Scenario]


@pytest.fixture
def begun(offices: Offices) -> Begun:
    """Begins a named path of Gayungan."""
    office = offices.open("gayungan")
    return lambda name: Scenario(office, read_path(FOLDER / f"paths/{name}.json"))


def state_of(scenario: Scenario) -> str:
    """The stored state of the case, opened."""
    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        loaded = instances.read_with_item(tx, scenario._open()[0].id).instance
    return state.unpacked(open_sealed(loaded.key, loaded.blob)).decode()


def test_until_the_draft_is_written_nobody_has_seen_what_others_say(begun: Begun):
    scenario = begun("plain")

    run_until(scenario, "supervisor_draft")

    assert '"ratings"' not in state_of(scenario)
    assert '"interaction":' not in state_of(scenario)


def test_each_colleague_is_asked_by_name_and_who_was_objected_to_is_not(begun: Begun):
    scenario = begun("plain")

    run_until(scenario, "peer_rating")

    asked = {item.assignee_id for item in scenario._open() if item.element_id == "peer_rating"}
    assert asked == {"analyst", "hr_colleague", "auditor"}


@pytest.mark.parametrize("reader", ["clerk", "division_head", "hr_officer", "auditor", "analyst"])
def test_after_the_whole_appraisal_nobody_finds_who_said_what(begun: Begun, reader: str):
    scenario = begun("plain")
    scenario.run()
    desk, actor = scenario.office.desk, scenario._actor(reader)

    try:
        read = case_answers(
            desk, actor, instance_id=scenario.instance_id, language="id", now=scenario.now
        )
    except NotFound:
        read = ()

    assert all(step.element_id != "peer_rating" for step in read)
    assert not any(words in repr(read) for words in WORDS)
    with desk.store.reading(scenario.office.agency_id) as tx:
        events = tx.connection.exec_driver_sql("SELECT body FROM audit_event").scalars().all()
        plain = submissions.of_instance(tx, scenario.instance_id)
    assert not any(words in body for words in WORDS for body in events)
    assert "peer_rating" not in {row.element_id for row in plain}


def test_below_three_colleagues_the_weight_moves_and_nothing_of_them_is_told(begun: Begun):
    scenario = begun("too_few_peers")

    run_until(scenario, "supervisor_review")

    shown = opened(scenario, "supervisor_review", "division_head")
    scores = {row["indicator_id"]: row["score"] for row in shown["rows"]}
    assert scores["collaboration"] is None
    assert '"ratings":[]' in state_of(scenario).replace(" ", "")


def test_who_declares_a_conflict_does_not_rate_and_his_superior_does_not_hear_the_appeal(
    begun: Begun,
):
    scenario = begun("conflict")

    run_until(scenario, "appeal_decision")

    assert appraisal_of(scenario).rater_id == "department_head"
    assert decider_of(scenario) == "assistant"


def test_an_adjusted_rating_is_a_version_of_its_own(begun: Begun):
    scenario = begun("moderation")

    scenario.run()

    last = versions_of(scenario)[-1]
    assert (last.version, last.behaviour_rating) == (2, "as_expected")


def test_the_oracle_of_the_three_sources(begun: Begun):
    scenario = begun("plain")

    run_until(scenario, "discussion_record")

    assert appraisal_of(scenario).local_score == "102.25"
    data = json.loads(state_of(scenario))
    assert '"103.50"' in json.dumps(data)
    assert '"100.38"' in json.dumps(data)


def test_what_citizens_said_in_the_system_counts_and_nobody_types_an_index(offices: Offices):
    path = read_path(FOLDER / "paths/plain.json")
    said = [{"people": 16, "behaviour": 4}]
    scenario = Scenario(offices.open("gayungan"), {**path, "survey": said})

    run_until(scenario, "supervisor_draft")
    run_as(scenario, "supervisor_draft", "rater")

    shown = opened(scenario, "supervisor_review", "division_head")
    scores = {row["indicator_id"]: row["score"] for row in shown["rows"]}
    # An index of 87.50.
    assert scores["interaction"] == Decimal("108.62")
    assert {item.element_id for item in scenario._open()} == {"supervisor_review"}


@pytest.mark.parametrize(
    ("form", "questions"),
    [("peer_rating", QUESTIONS), ("supervisor_draft", ("behaviour_rating",))],
)
def test_every_step_of_a_scale_says_what_is_to_be_seen(form: str, questions: tuple[str, ...]):
    fields = load_forms(read_bundle(ROOT, "gayungan"))[f"{form}-schema.json"].fields

    scales = [[step.label for step in fields[name].options if step.value != "0"]
              for name in questions]  # fmt: skip

    for scale in scales:
        assert [step.indonesian.partition(": ")[0] for step in scale] == ["1", "2", "3", "4", "5"]
        assert len({step.indonesian.partition(": ")[2] for step in scale} - {""}) == 5
        assert all(step.english for step in scale)


def test_a_colleague_judges_at_least_four_of_six():
    ok = refused("gayungan", "peer_rating", VOICE, acting_as="peer")
    thin = {**VOICE, "collaboration": 0, "respect": 0, "service": 0}

    assert ok == {}
    assert "collaboration" in refused("gayungan", "peer_rating", thin, acting_as="peer")


def test_a_colleague_with_a_conflict_is_asked_for_nothing_more():
    given = {"relation": "same_team", "conflict": True}

    assert refused("gayungan", "peer_rating", given, acting_as="peer") == {}


def test_the_employee_objects_to_one_colleague_at_most():
    rows = [{"name": "A", "nip": "1"}, {"name": "B", "nip": "2"}]
    both = [{**row, "objected": True} for row in rows]

    found = refused(
        "gayungan", "object_peers", {"rows": both, "reason": "Pernah bersengketa."},
        acting_as="subject", proposed={"rows": rows},
    )  # fmt: skip

    assert found == {"rows": "form.custom"}


@pytest.mark.parametrize(("left_out", "found"), [(False, {}), (True, {"rows": "form.custom"})])
def test_an_objection_never_blocks_the_rater_but_he_leaves_nobody_out_below_three(left_out, found):
    rows = [{"name": n, "nip": n, "objected": n == "A"} for n in ("A", "B", "C")]
    answers = {
        "rows": [{**row, "left_out": left_out and row["nip"] == "B"} for row in rows],
        "reason": "Baru dua pekan bekerja bersama.",
    }

    told = refused("gayungan", "approve_peers", answers, object_peers={"rows": rows})

    assert told == found


def test_a_rating_that_leaves_the_draft_needs_a_reason():
    draft = {"result_rating": "as_expected", "behaviour_rating": Decimal(3)}
    answers = {"result_rating_decided": "as_expected", "behaviour_rating_decided": "above"}
    data = {"supervisor_draft": draft, "score": {"rows": []}}

    assert "revision_reason" in refused("gayungan", "supervisor_review", answers, **data)
    kept = {**answers, "behaviour_rating_decided": "as_expected"}
    assert "revision_reason" not in refused("gayungan", "supervisor_review", kept, **data)
