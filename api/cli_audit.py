"""Verifies the trails of all agencies and says in figures what was looked at."""

from dataclasses import dataclass

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.cli_house import Opened, console, stderr
from engine.domain.audit import Problem
from engine.domain.people import AgencyId
from engine.store import agencies, verification

SHOWN = 20


@dataclass
class Counted:
    """How much was verified so far."""

    chains: int = 0
    events: int = 0


def verify_everything(house: Opened) -> bool:
    """Whether every trail is intact; each problem is named, the first ones in full."""
    intact = True
    for agency_id in house.agencies():
        counted = Counted()
        name, problems = _verify(house, agency_id, counted)
        if problems:
            intact = False
            _show(name, problems)
        else:
            figures = f"{counted.events:,} events in {counted.chains:,} chains"
            console.print(f"[green]✓[/] {name}: {figures}, nothing was changed.")
    return intact


def _verify(
    house: Opened, agency_id: AgencyId, counted: Counted
) -> tuple[str, tuple[Problem, ...]]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        Progress(*columns, console=stderr, transient=True) as bar,
        house.desk.store.reading(agency_id) as tx,
    ):
        name = agencies.current(tx).name
        task = bar.add_task(f"Verifying {name}")

        def progress(events: int) -> None:
            counted.chains += 1
            counted.events += events
            bar.update(task, description=f"Verifying {name}: {counted.events:,} events")

        return name, tuple(verification.verify(tx, progress=progress))


def _show(name: str, problems: tuple[Problem, ...]) -> None:
    first, *others = problems
    stderr.print(
        f"[bold red]✗[/] {name}: the first bad event is number {first.n} of chain "
        f"{first.chain_id} ({first.kind.value})."
    )
    for problem in others[: SHOWN - 1]:
        stderr.print(f"  also event {problem.n} of chain {problem.chain_id} ({problem.kind.value})")
    if len(problems) > SHOWN:
        stderr.print(f"  and {len(problems) - SHOWN:,} more")
