"""Operations that keep figures of a finished process, and read them for the appraisal."""

from decimal import Decimal

from engine.bpmn.environment import OperationResult
from engine.domain.audit import CODE
from engine.domain.process import OperationCall
from engine.errors import OperationFailed
from engine.operations.registry import ANY, Facts, Operation, Values, need_text

KIND, PERIOD, ABOUT, WITHIN = "kind", "period", "about", "within"
RATER = "rater"
KEEP = "keep_record"


def _keep_record(values: Values, _data: Values, _facts: Facts) -> OperationResult:
    """Leaves numbers, yes or no, codes and lists of those under names of the author's choice.

    They are about the person, or `about` the rater. Raises OperationFailed for words and for
    anything else: a record lasts and is read by others.
    """
    kept = {name: _figure(name, value) for name, value in values.items()}
    record = {KIND: need_text(kept, KIND), PERIOD: need_text(kept, PERIOD)}
    figures = {name: value for name, value in kept.items() if name not in (*record, ABOUT)}
    effect = OperationCall(KEEP, "", {**record, ABOUT: _about_rater(values), "figures": figures})
    return OperationResult({}, audit=record, effects=(effect,))


def _figure(name: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return [_single(name, part) for part in value]
    return _single(name, value)


def _single(name: str, value: object) -> object:
    if value is None or isinstance(value, bool | int | Decimal):
        return value
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    raise OperationFailed("operation.not_a_figure", param=name)


def _collect_records(values: Values, _data: Values, facts: Facts) -> OperationResult:
    """The records of a kind about the person in this cycle, the oldest first.

    `about` the rater they come from all cycles; their periods are days, none older than the named
    deadline `within`.
    """
    kind = need_text(values, KIND)
    about_rater = _about_rater(values)
    found = facts.rater_records(kind, need_text(values, WITHIN)) if about_rater else ()
    rows = [
        {**record.figures, PERIOD: record.period, "kept_at": record.kept_at.isoformat()}
        for record in (found if about_rater else facts.records(kind))
    ]
    count = Decimal(len(rows))
    return OperationResult({"rows": rows, "count": count}, audit={KIND: kind, "count": count})


def _about_rater(values: Values) -> bool:
    about = values.get(ABOUT)
    if about not in (None, RATER):
        raise OperationFailed("operation.parameter_missing", param=ABOUT)
    return about == RATER


OPERATIONS = (
    Operation(KEEP, (KIND, PERIOD, ABOUT, ANY), _keep_record),
    Operation("collect_records", (KIND, ABOUT, WITHIN), _collect_records),
)
