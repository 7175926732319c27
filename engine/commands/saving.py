"""Writes a step: state, projections, results, effects and events stand or fall together."""

from engine.commands.handing_up import hand_up_rating
from engine.commands.outcomes import write_effects, write_results
from engine.commands.projections import write_records, write_waits, write_work
from engine.commands.steps import Step, position_of
from engine.store import audit, instances
from engine.store.sealing import seal
from engine.store.states import InstanceStatus


def save_step(step: Step) -> None:
    """Write everything that the step changed; the caller's transaction commits."""
    after = position_of(step.execution)
    write_records(step)
    hand_up_rating(step)
    write_work(step, after)
    write_waits(step, after)
    if step.cancelled:
        _save(step, InstanceStatus.CANCELLED, seal(step.key, step.execution.dump()))
        return
    write_effects(step)
    write_results(step, after)
    status = InstanceStatus.COMPLETED if step.execution.completed else InstanceStatus.RUNNING
    _save(step, status, seal(step.key, step.execution.dump()))


def hold_step(step: Step) -> None:
    """Keep the last good state and hold the case until somebody retries."""
    _save(step, InstanceStatus.HELD, None)


def _save(step: Step, status: InstanceStatus, blob: bytes | None) -> None:
    chain = audit.append(step.tx, step.row.chain, step.events)
    instances.save_step(step.tx, step.row, chain=chain, status=status, blob=blob, now=step.now)
