"""Who stands as the actor of what: people for what they did, the system for what follows."""

from collections.abc import Callable

from tests.cases import trail
from tests.workflows.scenario import Scenario

CONSEQUENCES = {
    "result.versioned",
    "result.delivered",
    "result.finalised",
    "follow_up.created",
}
DEEDS = {"work.completed", "signature.given", "instance.started"}


def test_what_follows_from_a_step_is_the_systems_and_names_who_decided(
    begun: Callable[[str], Scenario],
) -> None:
    scenario = begun("appeal_changed")

    scenario.run()

    events = trail(scenario.office, scenario.instance_id)
    actors = {
        name: {event["actor"] == "system" for event in events if event["action"] == name}
        for name in CONSEQUENCES | DEEDS
    }
    deciders = [
        event["values"]["decided_by"] for event in events if event["action"] == "result.versioned"
    ]
    assert actors == {name: {name in CONSEQUENCES} for name in CONSEQUENCES | DEEDS}
    assert deciders == ["division_head", "department_head"]
