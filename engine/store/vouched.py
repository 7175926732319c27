"""What events vouch for: rows that must stand as they did when their event was written."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from engine.domain.actions import Action
from engine.domain.audit import Problem, ProblemKind, SealedEvent
from engine.store.database import Transaction
from engine.store.vouched_figures import IMPORTED
from engine.store.vouched_logs import KEPT_LOGS, OF_ENTRY, OF_LOGS, log_names
from engine.store.vouched_rows import OF_CASES, OF_OBJECTS, OF_RESULT, Reading, joined


@dataclass(frozen=True)
class _Word:
    """How the events of one action vouch: `name` tells which row, `digest` what was in it.

    A pair of before and after counts by its second part, unless the `whole` pair is stored.
    """

    problem: ProblemKind
    name: tuple[str, ...]
    digest: tuple[str, ...]
    whole: bool = False


_RATERS = _Word(ProblemKind.RATERS, (), ("rater", "rater_superior"))
_DUE_DATE = _Word(ProblemKind.DUE_DATE, ("item",), ("due_at",))
_LOG = (
    _Word(ProblemKind.LOG, (), ("cycle",)),
    _Word(ProblemKind.LOG_ENTRY, ("entry",), OF_ENTRY),
)
_LOG_NOTE = (_Word(ProblemKind.LOG_NOTE, ("note",), ("kind", "commitment")),)
_WORDS: Mapping[str, tuple[_Word, ...]] = {
    Action.WORK_COMPLETED: (_Word(ProblemKind.SUBMISSION, ("item",), ("commitment",)),),
    Action.DECISION_EVALUATED: (_Word(ProblemKind.DECISION, ("decision",), ("body_sha256",)),),
    Action.LOG_ENTERED: _LOG,
    Action.LOG_CORRECTED: _LOG,
    Action.LOG_VERIFIED: _LOG,
    Action.LOG_RETURNED: _LOG,
    Action.LOG_COMMENTED: _LOG_NOTE,
    Action.DIRECTION_GIVEN: _LOG_NOTE,
    Action.COMMENT_REQUESTED: _LOG_NOTE,
    Action.COMMENT_WRITTEN: (_Word(ProblemKind.COMMENT, ("comment",), ("commitment",)),),
    Action.SHEET_MADE: (_Word(ProblemKind.RESULT_SHEET, ("sheet",), ("record_sha256",)),),
    Action.RECORD_KEPT: (_Word(ProblemKind.RECORD, ("record",), ("record_sha256",)),),
    Action.WORK_DELEGATED: (_Word(ProblemKind.DELEGATION, ("delegation",), ("to",)),),
    Action.RESULT_VERSIONED: (_Word(ProblemKind.RESULT, ("version",), OF_RESULT),),
    Action.WORK_OPENED: (
        _DUE_DATE,
        _Word(ProblemKind.HOLDER, ("item",), ("assignee", "function")),
    ),
    Action.WORK_REASSIGNED: (_Word(ProblemKind.HOLDER, ("item",), ("to", "function")),),
    Action.DEADLINE_EXTENDED: (
        _DUE_DATE,
        _Word(ProblemKind.EXTENDED, ("extension", "item"), ("due_at",), whole=True),
    ),
    Action.INSTANCE_STARTED: (_RATERS,),
    Action.TAKEOVER_MADE: (
        _RATERS,
        _Word(ProblemKind.HOLDER, ("item",), ("rater", "function")),
    ),
    Action.RATING_HANDED_UP: (_RATERS,),
    Action.CASE_HANDED_OVER: (
        _RATERS,
        _Word(ProblemKind.SUBJECT_LEFT, (), ("subject_left",)),
    ),
    Action.RATER_NAMED: (
        _Word(ProblemKind.APPOINTMENT, ("appointment",), ("rater", "actor", "starts", "ends")),
    ),
    **dict.fromkeys(
        (Action.FOLLOW_UP_NOTED, Action.FOLLOW_UP_COMPLETED, Action.FOLLOW_UP_CANCELLED),
        (_Word(ProblemKind.FOLLOW_UP, ("entry",), ("commitment",)),),
    ),
    Action.FIGURES_IMPORTED: (
        _Word(ProblemKind.FIGURES, ("import",), ("content", "replaced", "actor")),
    ),
    Action.RECAP_FROZEN: (_Word(ProblemKind.RECAP, ("month",), ("sha256",)),),
    Action.SURVEY_CLOSED: (_Word(ProblemKind.SURVEY, ("survey",), ("n", "sums"), whole=True),),
    Action.EXTENSION_REQUESTED: (
        _Word(
            ProblemKind.EXTENSION,
            ("extension",),
            ("due_at", "element", "unit", "case", "count", "actor"),
        ),
    ),
}


ROWS_A_FETCH = 1_000
_OF_AGENCY: Reading = {**OF_OBJECTS, **KEPT_LOGS, **IMPORTED}
# A survey that too few answered may be opened again, and its answers grow.
_TAKING_BACK = frozenset({Action.WORK_RECALLED, Action.SURVEY_OPENED})


@dataclass
class Vouched:
    """What the events of one chain vouch for: number of the event and digest, by kind and row."""

    chain_id: str
    found: dict[ProblemKind, dict[str, tuple[int, str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    @property
    def of_object(self) -> bool:
        """Whether it vouches for rows of a person, a cycle or a survey."""
        return not self.found.keys().isdisjoint(_OF_AGENCY)

    def note(self, event: SealedEvent) -> None:
        """Remember what an event vouches for."""
        words = _WORDS.get(event.action, ())
        if not words and event.action not in _TAKING_BACK:
            return
        body = _body(event)
        values = {**body, **body.get("values", {})}
        if event.action == Action.WORK_RECALLED:
            self._take_back(event.n, values)
        if event.action == Action.SURVEY_OPENED:
            self.found[ProblemKind.SURVEY].pop(str(values.get("survey")), None)
        if event.action == Action.RATER_NAMED:
            self._end_earlier(str(values.get("starts")))
        for word in words:
            if word.digest[0] in values:
                name = joined(*(values.get(part) for part in word.name))
                parts = (values.get(part) for part in word.digest)
                digest = joined(*(part if word.whole else _after(part) for part in parts))
                self.found[word.problem][name] = (event.n, digest)

    def _take_back(self, n: int, values: Mapping[str, object]) -> None:
        """A step that is open again is as it was, without the results that it had made."""
        results, version = self.found[ProblemKind.RESULT], values.get("result_version")
        if isinstance(version, int):
            for made in [key for key in results if key.isdecimal() and int(key) > version]:
                del results[made]
        item, again = str(values.get("item")), str(values.get("again"))
        for kind in (ProblemKind.DUE_DATE, ProblemKind.HOLDER):
            if item in self.found[kind]:
                self.found[kind][again] = (n, self.found[kind][item][1])

    def _end_earlier(self, starts: str) -> None:
        """Who was named before ends on the day before the new one begins."""
        try:
            last_day = (date.fromisoformat(starts) - timedelta(days=1)).isoformat()
        except (ValueError, OverflowError):
            return
        known = self.found[ProblemKind.APPOINTMENT]
        for name, (n, digest) in known.items():
            *named, ends = digest.split("|")
            if ends == str(None) or ends > last_day:
                known[name] = (n, joined(*named, last_day))


def _after(value: object) -> object:
    """Of a pair of before and after, the second."""
    return value[-1] if isinstance(value, list) and value else value


def _body(event: SealedEvent) -> dict[str, Any]:
    try:
        body = json.loads(event.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) and isinstance(body.get("values", {}), dict) else {}


def check(tx: Transaction, chains: Sequence[Vouched]) -> Iterator[Problem]:
    """Each row of these cases and logs has its event, each event its row with what it sealed."""
    values = {"own_agency": tx.agency_id, "chains": [chain.chain_id for chain in chains]}
    yield from _compared(tx, OF_CASES, chains, values)
    logs = log_names([chain.chain_id for chain in chains])
    if logs:
        yield from _compared(tx, OF_LOGS, chains, {"own_agency": tx.agency_id, "logs": logs})


def check_objects(tx: Transaction, chains: Sequence[Vouched]) -> Iterator[Problem]:
    """The same for rows of people, cycles and surveys, and for whose logs there are.

    `chains` are all that vouch for such.
    """
    yield from _compared(tx, _OF_AGENCY, chains, {"own_agency": tx.agency_id})


def _compared(
    tx: Transaction, reading: Reading, chains: Sequence[Vouched], values: Mapping[str, object]
) -> Iterator[Problem]:
    options = {"yield_per": ROWS_A_FETCH}
    for problem, (statement, read) in reading.items():
        words = {
            (chain.chain_id, name): word
            for chain in chains
            for name, word in chain.found[problem].items()
        }
        for row, stored in read(
            tx.connection.execute(statement, values, execution_options=options)
        ):
            n, digest = words.pop(row, (0, None))
            if stored != digest:
                yield Problem(row[0], n, problem)
        yield from (Problem(chain_id, n, problem) for (chain_id, _), (n, _) in words.items())
