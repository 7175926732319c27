"""Random people never bring a system to tell what is sealed, to break the law, to judge themselves.

Each promise is shown to be watched: a defect is sown, and the plays find it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from engine.commands import answers, facts
from engine.commands import confidence as sealing
from engine.commands.cycles import open_cycle
from engine.domain import (
    citizen_survey,
    confidence,
    local_score,
    scoring_settings,
    work_rules,
)
from engine.domain.access_objects import Reason, Verdict
from engine.domain.bundle import Bundle
from engine.domain.scoring import CEILING
from engine.library import read_bundle, systems
from engine.operations.registry import Candidate, CandidateKind, Peer
from engine.store import appraisals, definitions, people
from tests.evidence import Evidence
from tests.office import FOUNDED, ROOT, Office
from tests.ready import Offices
from tests.session import count
from tests.workflows.forbidden import Watch, broken_promises
from tests.workflows.players import Play

PLAYS = count(2, 40)
# So many plays find a sown defect at the latest; most are found by the first few.
SOWN = 60

Patch = pytest.MonkeyPatch


def played(office: Office, seed: str) -> Watch:
    """One play, watched from its first to its last step."""
    play = Play(office, random.Random(seed))
    watch = Watch(play)
    watch.look()
    for _ in play.run():
        watch.look()
    return watch


@pytest.mark.parametrize("system", systems(ROOT))
def test_no_play_of_a_shipped_system_breaks_a_promise(
    system: str, offices: Offices, seed: int, evidence: Evidence
) -> None:
    watched = []
    for number in range(PLAYS):
        watch = played(offices.open(system), f"{seed} {number}")
        watched.append(watch)

        assert broken_promises(watch) == [], f"play {number} of {watch.play.subject}"

    figures = {
        "plays": len(watched),
        "steps": sum(len(watch.play.deeds) for watch in watched),
        "ended": sum(watch.play.ended for watch in watched),
    }
    for name, figure in figures.items():
        evidence.record(f"random_plays.{system}.{offices.kind}.{name}", figure)


@dataclass(frozen=True)
class Defect:
    """Something wrong in a file of a system, in the engine, or in both; `breaks` these promises."""

    system: str
    breaks: frozenset[str]
    file: str = ""
    right: str = ""
    wrong: str = ""
    engine: Callable[[Patch], None] = lambda _patch: None

    def sown(self, bundle: Bundle) -> Bundle:
        """The system with the defect."""
        if not self.file:
            return bundle
        text = bundle.files[self.file].decode()
        assert self.right in text
        wrong = text.replace(self.right, self.wrong).encode()
        return replace(bundle, files={**bundle.files, self.file: wrong})


def _rater_decides(patch: Patch) -> None:
    def authorities(case: facts.CaseFacts) -> tuple[Candidate, ...]:
        rater = appraisals.get(case.tx, case.instance.id).rater_id
        return (Candidate(rater, CandidateKind.RATER_SUPERIOR),) if rater else ()

    patch.setattr(facts.CaseFacts, "authorities", authorities)
    patch.setattr(facts, "participants", lambda _tx, _instance: frozenset())


def _anybody_is_a_peer(patch: Patch) -> None:
    def peer(case: facts.CaseFacts, nip: str, _apart: object) -> Peer | None:
        person = people.employee_by_nip(case.tx, nip)
        return Peer(person.id, person.name) if person else None

    patch.setattr(facts.CaseFacts, "_peer", peer)
    patch.setattr(answers, "unfit_colleagues", lambda _step, _form, _values: ())


def _bonus_counts_whole(patch: Patch) -> None:
    patch.setattr(
        local_score, "_with_bonus", lambda local, bonus, _border: min(local + bonus, CEILING)
    )


PEERS = "workflows/gayungan/gay_peers.bpmn"
SHARED = "workflows/shared"
DEFECTS = {
    "colleagues are not sealed": Defect(
        "gayungan", frozenset({"words_stay_sealed", "no_author_is_shown", "no_hour_is_kept"}),
        PEERS, 'value="sealed"', 'value="open"',
    ),
    "the instant of a sealed answer is kept": Defect(
        "gayungan", frozenset({"no_hour_is_kept"}),
        engine=lambda patch: patch.setattr(
            sealing, "_shown_instant", lambda _item, now, _calendar: now
        ),
    ),
    "one colleague is enough": Defect(
        "gayungan", frozenset({"few_peers_are_silent"}), "workflows/gayungan/system.toml",
        "peer_floor = 3", "peer_floor = 1",
        engine=lambda patch: patch.setattr(confidence, "FLOOR", 1),
    ),
    "one citizen is enough": Defect(
        "walesi", frozenset({"few_citizens_are_silent"}),
        engine=lambda patch: patch.setattr(citizen_survey, "FLOOR", 1),
    ),
    "results weigh too little": Defect(
        "jambi", frozenset({"weights_are_lawful"}), "workflows/jambi/system.toml",
        "weight = 70", "weight = 65",
        engine=lambda patch: [
            patch.setattr(scoring_settings, "_check_envelope", lambda _found, _score: None),
            patch.setattr(scoring_settings, "_check_weights", lambda _found: None),
        ],
    ),
    "a box of the matrix is wrong": Defect(
        "national", frozenset({"predicates_are_looked_up"}),
        f"{SHARED}/official_predicate.dmn", '<text>"good"</text>', '<text>"poor"</text>',
    ),
    "a word for the score is wrong": Defect(
        "jambi", frozenset({"labels_fit"}),
        f"{SHARED}/local_label.dmn", '<text>"sufficient"</text>', '<text>"good"</text>',
    ),
    "a bonus counts whole": Defect(
        "salatiga", frozenset({"bonus_lifts_nobody"}), "workflows/salatiga/sal_measure.bpmn",
        "development_bonus.points", "40", engine=_bonus_counts_whole,
    ),
    "a 1 or 5 needs no reason": Defect(
        "jambi", frozenset({"extremes_are_explained"}), "forms/jambi/rate_indicators-uischema.json",
        "work_quality == 1 or work_quality == 5", "False",
    ),
    "the employee rates himself": Defect(
        "national", frozenset({"nobody_judges_himself"}), f"{SHARED}/defaults.toml",
        '"Pejabat Penilai Kinerja" = ["rater"]', '"Pejabat Penilai Kinerja" = ["subject"]',
        engine=lambda patch: patch.setattr(
            work_rules, "separated", lambda *_, **__: Verdict(Reason.ALLOWED)
        ),
    ),
    "the rater decides the appeal": Defect(
        "national", frozenset({"who_took_part_steps_back"}), f"{SHARED}/sp_hearing.bpmn",
        "subject,participant", "subject", engine=_rater_decides,
    ),
    "anybody is a colleague": Defect(
        "gayungan", frozenset({"colleagues_are_not_above"}), engine=_anybody_is_a_peer,
    ),
    "an automatic step fails": Defect(
        "national", frozenset({"nothing_fails"}), f"{SHARED}/sp_review.bpmn",
        "&#x27;review&#x27;", "&#x27;&#x27;",
    ),
}  # fmt: skip


@pytest.fixture
def embedded(session_folder: Path, tmp_path: Path):
    """Offices on SQLite: whether a promise is watched does not depend on the database."""
    made = Offices("sqlite", session_folder, tmp_path, None)
    yield made
    made.close()


def sown(office: Office, defect: Defect) -> Office:
    """The office with the defect in its system, and a cycle of that."""
    hr = office.actor("hr_officer", FOUNDED)
    bundle = defect.sown(read_bundle(ROOT, defect.system))
    with office.desk.store.transaction(office.agency_id) as tx:
        definitions.deploy(tx, bundle, deployed_by=hr.employee_id, now=FOUNDED)
    cycle = open_cycle(
        office.desk, hr, system=defect.system, name="Cacat", starts=date(2025, 1, 1),
        ends=date(2025, 12, 31), now=FOUNDED,
    )  # fmt: skip
    return replace(office, cycle_id=cycle)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_that_is_sown_is_found(
    name: str, embedded: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    defect = DEFECTS[name]
    defect.engine(monkeypatch)

    found: set[str] = set()
    for number in range(SOWN):
        watch = played(sown(embedded.open(defect.system), defect), f"{number}")
        found |= {broken.partition(":")[0] for broken in broken_promises(watch)}
        if defect.breaks <= found:
            break

    assert defect.breaks <= found
