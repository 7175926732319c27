"""The gate before a definition is used: everything is checked, then played, or refused whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.bpmn.lint.bundle import process_files, read_checked
from engine.bpmn.playing import PlayOrder, play_many
from engine.bpmn.specs import Specs, build_specs
from engine.domain.bundle import Bundle
from engine.domain.process import OperationCall
from engine.domain.settings import SystemSettings
from engine.errors import Finding, InvalidDefinition, UnsafeExpression, errors_of


@dataclass(frozen=True)
class Deployable:
    """A definition that passed the gate, with the warnings that remain."""

    specs: Specs
    warnings: tuple[Finding, ...]


def check(
    bundle: Bundle,
    settings: SystemSettings,
    *,
    operations: Mapping[str, tuple[str, ...]],
    orders: Sequence[PlayOrder] = (),
) -> Deployable:
    """The definition of `bundle`, ready to run.

    `operations` are the parameter names of each registered operation; what `orders` name is played
    too, each among what those before it left behind. Raises InvalidDefinition with every finding
    when there is an error among them.
    """
    findings = read_checked(bundle, settings, operations).findings
    _refuse(findings)
    try:
        specs = build_specs(process_files(bundle))
    except UnsafeExpression as error:
        raise InvalidDefinition([_unsafe(error)]) from None
    left: tuple[OperationCall, ...] = ()
    for order in orders:
        report = play_many(replace(order, left=(*order.left, *left)))
        findings, left = (*findings, *report.findings), report.left
        _refuse(findings)
    return Deployable(specs, findings)


def _refuse(findings: tuple[Finding, ...]) -> None:
    if errors_of(findings):
        raise InvalidDefinition(findings)


def _unsafe(error: UnsafeExpression) -> Finding:
    params = {"element": error.place or "", **error.params}
    return Finding("diagram.expression_unsafe", element_id=error.place, params=params)
