"""Gayungan's rating patterns: over many people, as information, told at delivery (GAY-08)."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.fairness import Gap
from engine.domain.rating_figures import figures_from
from engine.queries.cases import case_view
from engine.store import audit
from tests.office import ROOT, SECRETARIAT
from tests.rated import Rated, add_rated
from tests.ready import Offices
from tests.workflows.promises import run_as, run_between, run_until, versions_of
from tests.workflows.regions import decide, is_open, refused
from tests.workflows.scenario import Scenario, read_path

# What the rater gives on the plain path: draft, review and the seven core values.
AS_EXPECTED = ("3",) * 11
SUBJECT = "clerk"


def begun(offices: Offices, name: str, *rated: Rated) -> Scenario:
    """A named path in an office where others were rated before."""
    office = offices.open("gayungan")
    if rated:
        add_rated(office.desk.store, office.agency_id, office.cycle_id, rated)
    return Scenario(office, read_path(ROOT / f"workflows/gayungan/paths/{name}.json"))


def flags_of(scenario: Scenario) -> list[Mapping[str, object]]:
    """What the trail says of patterns."""
    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        events = [json.loads(e.body) for e in audit.events_of(tx, scenario.instance_id)]
    return [event["values"] for event in events if event["action"] == "bias.flagged"]


def patterns_for(scenario: Scenario, person: str) -> list[str]:
    """The patterns on a person's page of the case."""
    office = scenario.office
    with office.desk.store.reading(office.agency_id) as tx:
        view = case_view(
            tx, scenario._actor(person), scenario.instance_id, now=scenario.now,
            settings_of=lambda tx, key: office.desk.definitions.get(tx, key).settings,
        )  # fmt: skip
    return [pattern["id"] for pattern in view.patterns]


def rated(count: int, ratings: tuple[str, ...] = AS_EXPECTED) -> list[Rated]:
    """People of the same rater, all rated alike."""
    return [Rated(f"same-{n}", SECRETARIAT, "division_head", ratings=ratings) for n in range(count)]


def rate(scenario: Scenario) -> None:
    """Follow the path until the rater has rated and the achievement is known."""
    run_until(scenario, "supervisor_review")
    steps = scenario.path["steps"]
    place = next(n for n, step in enumerate(steps) if step.get("complete") == "supervisor_review")
    for step in steps[place:]:
        scenario._do(step)
        if "message" in step:
            return


def test_whoever_rates_five_people_exactly_alike_is_asked_about_it(offices: Offices):
    scenario = begun(offices, "plain", *rated(4))

    rate(scenario)

    assert is_open(scenario, "moderation")
    assert flags_of(scenario) == [
        {"flags": ["identical", "uniform"], "levels": ["hard", "soft"]}
    ]  # fmt: skip


def test_four_people_alike_are_no_pattern(offices: Offices):
    scenario = begun(offices, "plain", *rated(3))

    rate(scenario)

    assert not is_open(scenario, "moderation")
    assert flags_of(scenario) == []


def test_a_soft_pattern_is_known_and_changes_no_rating_and_no_score(offices: Offices):
    flat = [one for level in "1245" for one in rated(1, (level,) * 11)]
    people = [replace(one, person=f"flat-{n}") for n, one in enumerate(flat)]
    scenario = begun(offices, "plain", *people)

    run_until(scenario, "discussion_record")

    (version,) = versions_of(scenario)
    assert flags_of(scenario) == [{"flags": ["uniform"], "levels": ["soft"]}]
    assert (version.local_score, version.predicate) == ("102.25", "good")


def test_the_employee_reads_the_pattern_from_delivery_on_and_the_rater_before(offices: Offices):
    scenario = begun(offices, "moderation")

    run_until(scenario, "deliver_result")
    before = patterns_for(scenario, SUBJECT), patterns_for(scenario, "division_head")
    steps = scenario.path["steps"]
    scenario._do(next(step for step in steps if step.get("complete") == "deliver_result"))

    words = ["Jauh dari suara rekan tanpa bukti"]
    assert before == ([], words)
    assert patterns_for(scenario, SUBJECT) == words


def test_a_result_keeps_the_ratings_and_the_gaps_to_other_views(offices: Offices):
    scenario = begun(offices, "plain")

    run_until(scenario, "discussion_record")

    (version,) = versions_of(scenario)
    kept = figures_from(version.figures)
    assert kept.ratings == tuple(map(Decimal, AS_EXPECTED))
    assert set(kept.gaps) == set(Gap)
    # Rating 3 is 100 points; colleagues gave 4, 4 and 3, which are 106.67.
    assert kept.gaps[Gap.PEERS] == Decimal("-6.67")


def test_a_draft_that_rests_on_the_last_months_alone_is_known(offices: Offices):
    scenario = begun(offices, "plain")
    december = [
        {"happened_on": f"2025-12-{day:02}", "what": "Menolong warga di loket."}
        for day in (1, 8, 15)
    ]

    run_until(scenario, "supervisor_draft")
    run_as(scenario, "supervisor_draft", "rater", {"events": december})
    run_between(scenario, "enter_index", "discussion_record")

    assert flags_of(scenario) == [{"flags": ["recency"], "levels": ["soft"]}]


def test_an_event_of_tomorrow_is_refused():
    rated = {
        "target_attainment": Decimal(100),
        "result_rating": "as_expected",
        "behaviour_rating": 3,
    }
    event = {"happened_on": "2027-03-01", "what": "Menolong warga di loket."}
    answers = {**rated, "events": [event]}

    found = refused("gayungan", "supervisor_draft", answers, measured={"score": None})

    assert found == {"events.0.happened_on": "form.custom"}


NOTHING = {
    "is_related": False, "identical": None, "deviation": None, "spread_ratio": None,
    "uniform": None, "recent": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "peers", "public", "evidence", "rater", "found"),
    [
        ("75", "105.01", "75", 0, {}, [("peer_gap_without_evidence", "hard")]),
        ("75", "105", "75", 0, {}, []),
        ("75", "106", "75", 1, {}, [("peer_gap", "soft")]),
        ("75", "75", "95.01", 0, {}, [("public_gap", "soft")]),
        ("75", None, None, 0, {}, []),
        ("75", None, None, 0, {"is_related": True}, [("undeclared_relation", "hard")]),
        ("75", None, None, 0, {"identical": "80"}, [("identical", "hard")]),
        ("75", None, None, 0, {"identical": "79.99"}, []),
        ("75", None, None, 0, {"deviation": "2.01"}, [("lenient", "soft")]),
        ("75", None, None, 0, {"deviation": "-2.01"}, [("severe", "soft")]),
        ("75", None, None, 0, {"deviation": "2", "spread_ratio": "0.5"}, []),
        ("75", None, None, 0, {"spread_ratio": "0.49"}, [("central", "soft")]),
        ("75", None, None, 0, {"uniform": "80"}, [("uniform", "soft")]),
        ("75", None, None, 0, {"recent": "50"}, [("recency", "soft")]),
        ("75", None, None, 0, {"recent": "49.99"}, []),
    ],
)
def test_patterns_inform_and_only_three_are_discussed(draft, peers, public, evidence, rater, found):
    known = {n: Decimal(v) if isinstance(v, str) else v for n, v in rater.items()}
    data = {
        "draft_score": {"score": Decimal(draft)},
        "collaboration": {"score": peers and Decimal(peers)},
        "interaction": {"score": public and Decimal(public)},
        "supervisor_draft": {"evidence": [{}] * evidence},
        "declare_conflict": {"has_conflict": False},
        "rater": {**NOTHING, **known},
    }

    outputs = decide("gayungan", "bias_flags", data)

    assert list(zip(outputs["flag"], outputs["level"], strict=True)) == found


def test_a_relation_that_the_rater_declared_himself_is_no_pattern():
    data = {
        "draft_score": {"score": Decimal(75)}, "collaboration": {"score": None},
        "interaction": {"score": None}, "supervisor_draft": {"evidence": []},
        "declare_conflict": {"has_conflict": True}, "rater": {**NOTHING, "is_related": True},
    }  # fmt: skip

    assert decide("gayungan", "bias_flags", data)["flag"] == []
