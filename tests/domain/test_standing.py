"""Where a case stands in a diagram follows from its work items and events."""

from dataclasses import replace

from engine.domain.flowchart import Flow, Flowchart, Node
from engine.domain.standing import Known, Standing, places_of

D, C, N, A, P = (
    Standing.DONE, Standing.CURRENT, Standing.NEXT, Standing.AHEAD, Standing.PASSED,
)  # fmt: skip


def chart(name: str, nodes: dict[str, str], *ways: str, **calls: str) -> Flowchart:
    """A process of `nodes` by kind and ways such as "a>b"; a node named "x@y" sits on y."""
    made = {}
    for key, kind in nodes.items():
        identifier, _, host = key.partition("@")
        made[identifier] = Node(
            identifier, kind, identifier, host=host or None, calls=calls.get(identifier)
        )
    flows = tuple(Flow(f"{w.replace('>', '_to_')}", *w.split(">")) for w in ways)
    return Flowchart(name, name, f"{name}.bpmn", made, flows)


LINE = chart(
    "main",
    {
        "start": "startEvent", "fill": "userTask", "late@fill": "boundaryEvent",
        "count": "serviceTask", "skip": "serviceTask", "good": "exclusiveGateway",
        "rate": "userTask", "praise": "userTask", "end": "endEvent",
    },
    "start>fill", "fill>count", "late>skip", "skip>rate", "count>good", "good>rate",
    "good>praise", "rate>end", "praise>end",
)  # fmt: skip


def standings(known: Known, *, ended: bool = False) -> dict[str, Standing]:
    return dict(places_of({"main": LINE}, "main", {"main": known}, ended)["main"].elements)


def test_a_case_at_its_first_step_has_the_rest_ahead() -> None:
    found = standings(Known(current=frozenset({"fill"})))

    assert found == {
        "start": D, "fill": C, "late": A, "count": N, "skip": A, "good": A, "rate": A,
        "praise": A, "end": A,
    }  # fmt: skip


def test_automatic_steps_between_known_ones_are_done_and_the_other_way_is_passed() -> None:
    known = Known(
        done=frozenset({"fill"}), current=frozenset({"rate"}), flows=frozenset({"good_to_rate"})
    )

    found = standings(known)

    assert found == {
        "start": D, "fill": D, "late": P, "count": D, "skip": P, "good": D, "rate": C,
        "praise": P, "end": N,
    }  # fmt: skip


def test_a_step_that_lapsed_was_left_by_its_edge() -> None:
    known = Known(done=frozenset({"late"}), left=frozenset({"fill"}), current=frozenset({"rate"}))

    found = standings(known)

    assert (found["fill"], found["late"], found["skip"], found["count"]) == (D, D, D, P)


def test_nothing_is_ahead_of_a_case_that_ended() -> None:
    known = Known(done=frozenset({"fill", "rate"}), flows=frozenset({"good_to_rate"}))

    found = standings(known, ended=True)

    assert found["end"] == D
    assert found["praise"] == P
    assert not {N, A} & set(found.values())


CALLER = chart(
    "main",
    {"start": "startEvent", "first": "callActivity", "again": "callActivity", "end": "endEvent"},
    "start>first", "first>again", "again>end",
    first="part", again="part",
)  # fmt: skip
PART = chart("part", {"begin": "startEvent", "do": "userTask"}, "begin>do")


def test_a_call_stands_where_the_called_process_stands() -> None:
    one = replace(CALLER, nodes={k: v for k, v in CALLER.nodes.items() if k != "again"}, flows=(
        Flow("start_to_first", "start", "first"), Flow("first_to_end", "first", "end"),
    ))  # fmt: skip
    known = {"part": Known(current=frozenset({"do"}))}

    places = places_of({"main": one, "part": PART}, "main", known, False)

    assert places["main"].elements == {"start": D, "first": C, "end": N}
    assert places["part"].elements == {"begin": D, "do": C}


def test_a_part_that_was_not_entered_is_ahead_or_passed_as_a_whole() -> None:
    known = {"main": Known(current=frozenset({"start"}))}

    running = places_of({"main": CALLER, "part": PART}, "main", known, False)
    ended = places_of({"main": CALLER, "part": PART}, "main", {}, True)

    assert set(running["part"].elements.values()) == {A}
    assert set(ended["part"].elements.values()) == {P}
