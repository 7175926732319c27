"""What no play may ever show: whose words they were, a result against the law, a judge of himself.

Everything here is told apart from the product: the law and the names are written down once more.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson
from sqlalchemy import select

from engine.bpmn import state
from engine.commands.case_answers import case_answers
from engine.domain.confidence import UNNAMED
from engine.errors import NotFound
from engine.rules.forms import Form, Kind
from engine.rules.numbers import from_jsonable
from engine.store import appraisals, instances, results, tables
from engine.store.sealing import open_sealed
from tests.cases import personal_text, problems, trail
from tests.workflows.players import EVERYBODY, SECRET, Deed, Play, above

# PermenPANRB 6/2022: the rating of results, the rating of behaviour, the predicate.
QUADRANT = {
    ("above", "above"): "very_good", ("as_expected", "above"): "good",
    ("below", "above"): "needs_improvement", ("above", "as_expected"): "good",
    ("as_expected", "as_expected"): "good", ("below", "as_expected"): "needs_improvement",
    ("above", "below"): "poor", ("as_expected", "below"): "poor", ("below", "below"): "very_poor",
}  # fmt: skip
# PP 30/2019 art. 41(2)-(5): the share of results, and the words for a local score.
SHARES = (Decimal(70), Decimal(60))
BORDERS = ((Decimal(90), "good"), (Decimal(70), "sufficient"), (Decimal(50), "poor"))
PEERS, CITIZENS = 3, 5
IN_CONFIDENCE = frozenset({"peer_rating"})
# Lanes of what is the employee's own, and of what is never his own to do.
OWN = "Pegawai"
JUDGES = frozenset(
    {
        "Pejabat Penilai Kinerja", "Atasan Pejabat Penilai Kinerja", "Rekan sejawat",
        "Pejabat yang memutus keberatan", "Tim pengelola kinerja", "Pengelola Kinerja",
        "Pejabat Penilai Kinerja / Pengelola Kinerja", "Konselor Kepegawaian",
    }
)  # fmt: skip
# What is decided for everybody at once, on whosever file it is opened.
FOR_ALL = frozenset({"jam_criteria_forum"})
_ANCHORED = re.compile(r'id="anchored".*?id="rating"[^>]*?value="(\w+)\.(\w+)', re.DOTALL)
_CENT = Decimal("0.01")
Found = Iterator[str]


class Watch:
    """Looks at a play after each of its steps and remembers every figure that stood anywhere."""

    def __init__(self, play: Play) -> None:
        """Watch this play."""
        self.play = play
        self.figures: dict[str, Mapping[str, Any]] = {}
        self.shown = ""

    def look(self) -> None:
        """Take in what the states of the cases hold now."""
        desk = self.play.office.desk
        with desk.store.reading(self.play.office.agency_id) as tx:
            for case in self.play.cases:
                loaded = instances.read(tx, case)
                plain = state.unpacked(open_sealed(loaded.key, loaded.blob))
                self.shown += plain.decode() if SECRET.encode() in plain else ""
                for table in _tables(from_jsonable(orjson.loads(plain))):
                    self.figures[repr(table)] = table

    def told(self, *names: str) -> Iterator[Mapping[str, Any]]:
        """Every set of figures with these names that was ever there."""
        return (found for found in self.figures.values() if set(names) <= found.keys())


def broken_promises(watch: Watch) -> list[str]:
    """Every promise that the play has broken, in words."""
    promises = (
        nothing_fails, words_stay_sealed, no_hour_is_kept, no_author_is_shown, few_peers_are_silent,
        few_citizens_are_silent, weights_are_lawful, predicates_are_looked_up, labels_fit,
        bonus_lifts_nobody, extremes_are_explained, nobody_judges_himself, who_took_part_steps_back,
        colleagues_are_not_above,
    )  # fmt: skip
    return [f"{promise.__name__}: {found}" for promise in promises for found in promise(watch)]


def nothing_fails(watch: Watch) -> Found:
    """No automatic step fails, and the trail proves itself."""
    yield from watch.play.broken
    yield from map(str, problems(watch.play.office))


def words_stay_sealed(watch: Watch) -> Found:
    """No free text and no name lies in clear; what colleagues wrote not even in the case."""
    yield from personal_text(watch.play.office, SECRET, "Nama ")
    for deed in _in_confidence(watch):
        yield from (f"{deed.element}: {word}" for word in _words(deed) if word in watch.shown)


def no_hour_is_kept(watch: Watch) -> Found:
    """Nothing stored in clear tells the instant at which a colleague answered."""
    instants = {deed.at: deed.element for deed in _in_confidence(watch)}
    for table, row in _rows(watch) if instants else ():
        for at, element in instants.items():
            if at in row or any(_says(cell, at) for cell in row):
                yield f"{table} tells when {element} was answered"


def no_author_is_shown(watch: Watch) -> Found:
    """Neither the work, nor the trail, nor any reader learns which colleague has answered."""
    play = watch.play
    with play.office.desk.store.reading(play.office.agency_id) as tx:
        done = [
            item
            for item in tx.connection.execute(select(tables.work_item)).all()
            if item.element_id in IN_CONFIDENCE and item.state == "completed"
        ]
    yield from (f"work of {item.closed_by}" for item in done if item.closed_by != UNNAMED)
    for event in trail(play.office, play.cases[0]):
        answered = event["action"] == "work.completed" and event["element"] in IN_CONFIDENCE
        if answered and event["actor"] != UNNAMED:
            yield f"event of {event['actor']}"
    for reader in EVERYBODY:
        yield from (f"{reader} reads it" for step in _read(play, reader) if step in IN_CONFIDENCE)


def few_peers_are_silent(watch: Watch) -> Found:
    """Of fewer than three colleagues nothing comes out, not even how many they were."""
    voices = sum(1 for _ in _in_confidence(watch))
    for told in watch.told("is_told", "ratings", "count"):
        count, groups = len(told["ratings"]), [len(group) for group in told.get("groups", [])]
        few = any(0 < size < PEERS for size in (count, *groups))
        if few or count > voices or bool(told["count"]) != bool(count):
            yield f"{told} of {voices}"


def few_citizens_are_silent(watch: Watch) -> Found:
    """Of fewer than five citizens there is no index."""
    for told in watch.told("index", "responses", "source"):
        if told["index"] is not None and (told["responses"] < CITIZENS > watch.play.citizens):
            yield f"{told}"


def weights_are_lawful(watch: Watch) -> Found:
    """Weights are 100 together, results 70 or 60 of them."""
    for score in _scores(watch):
        weights = {row["indicator_id"]: row["weight"] for row in score["rows"]}
        if _cents(sum(weights.values())) != 100 or _cents(_share(score)) not in SHARES:
            yield f"{weights}"


def predicates_are_looked_up(watch: Watch) -> Found:
    """The official predicate of every version follows from the two ratings alone."""
    play = watch.play
    with play.office.desk.store.reading(play.office.agency_id) as tx:
        versions = results.of_instance(tx, play.cases[0])
        last = appraisals.get(tx, play.cases[0]).predicate
    for row in versions:
        if QUADRANT[row.result_rating, row.behaviour_rating] != row.predicate:
            yield f"{row.result_rating}, {row.behaviour_rating}: {row.predicate}"
    if versions and last != versions[-1].predicate:
        yield f"{last} instead of {versions[-1].predicate}"


def labels_fit(watch: Watch) -> Found:
    """The words for the local score are those of the law."""
    for data in watch.told("score", "local_label"):
        score, said = data["score"], data["local_label"]["label"]
        if score["local"] is not None and said != _label(score["local"], score["new_idea"]):
            yield f"{said} for {score['local']}"


def bonus_lifts_nobody(watch: Watch) -> Found:
    """A bonus adds what it is, but lifts no weak work to 90."""
    for score in _scores(watch):
        if score["local"] is None:
            continue
        share, both = _share(score), (score["results"], score["behaviour"])
        plain = _cents(min((share * both[0] + (100 - share) * both[1]) / 100, Decimal(120)))
        lifted = min(plain + score["bonus"], Decimal(120))
        # Both axes are shown rounded, so the sum of them may be a cent away.
        wanted = Decimal("89.99") if plain < 90 <= lifted else lifted
        if abs(score["local"] - wanted) > _CENT or (plain + _CENT < 90 <= score["local"]):
            yield f"{plain} with {score['bonus']}: {score['local']}"


def extremes_are_explained(watch: Watch) -> Found:
    """A 1 or a 5 that counts has a reason and evidence beside it."""
    definition = watch.play.definition
    diagrams = definition.bundle.of_kind(".bpmn").values()
    counted = {pair for text in diagrams for pair in _ANCHORED.findall(text.decode())}
    for deed in watch.play.deeds:
        form = definition.form_of(definition.properties_of(deed.element))
        for element, name in counted:
            if form and element == deed.element and deed.counted.get(name) in (1, 5, "1", "5"):
                yield from _unexplained(form, name, deed)


def _unexplained(form: Form, name: str, deed: Deed) -> Found:
    beside = next(section.fields for section in form.sections if name in section.fields)
    for kind in (Kind.TEXTAREA, Kind.EVIDENCE):
        given = [deed.counted.get(n) for n in beside if form.fields[n].kind is kind]
        if not any(given):
            yield f"{deed.element}.{name} is {deed.counted[name]} without {kind.value}"


def nobody_judges_himself(watch: Watch) -> Found:
    """What others decide is never the employee's to do, and what is his own nobody else's."""
    play = watch.play
    lanes = {key[1]: task.lane for key, task in play.definition.specs.user_tasks.items()}
    for deed in play.deeds:
        judges = lanes[deed.element] in JUDGES and deed.process not in FOR_ALL
        if judges and deed.person == play.subject:
            yield f"{play.subject} does {deed.element}"
        if lanes[deed.element] == OWN and deed.person != play.subject:
            yield f"{deed.person} does {deed.element} for {play.subject}"
    with play.office.desk.store.reading(play.office.agency_id) as tx:
        row = appraisals.get(tx, play.cases[0])
    if play.subject in (row.rater_id, row.rater_superior_id):
        yield f"{play.subject} is the own rater"


def who_took_part_steps_back(watch: Watch) -> Found:
    """No appeal is decided by who rated, signed, explained, mediated or moderated."""
    properties, took_part = watch.play.definition.properties, set[str]()
    for deed in watch.play.deeds:
        if deed.element == "appeal_decision" and deed.person in took_part:
            yield f"{deed.person} decides"
        if properties[deed.element].get("alur:participation"):
            took_part.add(deed.person)


def colleagues_are_not_above(watch: Watch) -> Found:
    """Who is asked in confidence is neither a superior nor the person himself."""
    subject = watch.play.subject
    for deed in _in_confidence(watch):
        if deed.person in {subject, *above(subject)}:
            yield f"{deed.person} about {subject}"


def _in_confidence(watch: Watch) -> Iterator[Deed]:
    return (deed for deed in watch.play.deeds if deed.element in IN_CONFIDENCE)


def _words(deed: Deed) -> Iterator[str]:
    return (v[:30] for v in deed.answers.values() if isinstance(v, str) and v.startswith(SECRET))


def _scores(watch: Watch) -> Iterator[Mapping[str, Any]]:
    return watch.told("results", "behaviour", "local", "bonus", "rows")


def _share(score: Mapping[str, Any]) -> Decimal:
    return sum((r["weight"] for r in score["rows"] if r["axis"] == "results"), Decimal(0))


def _label(score: Decimal, new_idea: object) -> str:
    if score >= 110:
        return "very_good" if new_idea is True else "good"
    return next((label for border, label in BORDERS if score >= border), "very_poor")


def _cents(value: Decimal | int) -> Decimal:
    return Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP)


def _read(play: Play, reader: str) -> list[str]:
    try:
        read = case_answers(
            play.office.desk, play.actor(reader), instance_id=play.cases[0], language="id",
            now=play.now,
        )  # fmt: skip
    except NotFound:
        return []
    return [step.element_id for step in read]


def _rows(watch: Watch) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every row of every table."""
    play = watch.play
    with play.office.desk.store.reading(play.office.agency_id) as tx:
        for table in tables.metadata.sorted_tables:
            for row in tx.connection.execute(select(table)):
                yield table.name, tuple(row)


def _says(cell: object, at: datetime) -> bool:
    return isinstance(cell, str) and f"{at:%H:%M:%S}" in cell


def _tables(value: object) -> Iterator[Mapping[str, Any]]:
    """Every object in a document, from the outside inwards."""
    if isinstance(value, Mapping):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value
    if isinstance(value, Mapping | list | tuple):
        for part in inner:
            yield from _tables(part)
