"""What every command of the command line needs: the data folder, the store, errors as sentences."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import typer
from rich.console import Console

import engine
from api.couriers import listeners_of
from api.settings import Settings
from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.domain.wording import finding_sentence
from engine.errors import AlurError, Finding, Invalid, Severity
from engine.store import agencies
from engine.store.database import ANY_AGENCY, Store
from engine.store.vault import open_vault

REFUSED, USAGE = 1, 2
DATABASE, FILES = "alur.db", "files"
# The systems that come with the product lie beside its packages.
LIBRARY = Path(engine.__file__).parents[1]

console = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Opened:
    """The product opened for one command."""

    desk: Desk
    settings: Settings

    def agencies(self) -> tuple[AgencyId, ...]:
        """All agencies in the database."""
        with self.desk.store.reading(ANY_AGENCY) as tx:
            return agencies.every_id(tx)


def settings_for(data: Path, **given: object) -> Settings:
    """Settings with the data folder's database and files, where the environment names no other."""
    known = Settings()
    if "database_url" not in known.model_fields_set:
        given["database_url"] = _in_folder(data)
    if "files_folder" not in known.model_fields_set:
        given["files_folder"] = str(data / FILES)
    return known.model_copy(update=given)


def _in_folder(data: Path) -> str:
    return f"sqlite:///{data / DATABASE}"


def make_folder(data: Path) -> None:
    """The data folder, when it is new closed to everybody else on this machine."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextmanager
def opened(data: Path, *, migrate: bool = False, **given: object) -> Iterator[Opened]:
    """The product over its data folder; refusals become sentences and exit code 1.

    `migrate` brings the tables up to date first, where this process may: on PostgreSQL it needs the
    owner's address. Tables and guards of the audit trail are proved: without them nothing is done.
    """
    settings = settings_for(data, **given)
    with told():
        if migrate:
            make_folder(data)
        elif settings.database_url == _in_folder(data) and not (data / DATABASE).is_file():
            fail(f"There is no database in {data}. Run `alur init` or `alur demo` first.")
        store = Store(
            settings.database_url,
            migration_url=settings.migration_url,
            answer_s=settings.database_answer_s,
        )
        try:
            if migrate and (store.is_sqlite or settings.migration_url):
                store.migrate()
            store.check_schema()
            store.check_guards()
            yield Opened(desk_over(store, settings), settings)
        finally:
            store.close()


def desk_over(store: Store, settings: Settings) -> Desk:
    """Everything that commands and jobs work with, as the installation is set up."""
    vault = open_vault(settings.files_folder)
    lease = timedelta(seconds=settings.timer_lease_s)
    return Desk(store, LIBRARY, vault, listeners=listeners_of(settings), lease=lease)


@contextmanager
def told() -> Iterator[None]:
    """Tell errors of the product in a sentence and end with exit code 1."""
    try:
        yield
    except Invalid as error:
        show_findings(error.findings, "en")
        raise typer.Exit(REFUSED) from error
    except AlurError as error:
        fail(str(error), cause=error)


def fail(message: str, *, cause: Exception | None = None) -> None:
    """Say what is wrong and end with exit code 1."""
    stderr.print(f"[bold red]✗[/] {message}")
    raise typer.Exit(REFUSED) from cause


def show_findings(findings: Sequence[Finding], language: str) -> None:
    """One line a finding: where, how bad, what to do."""
    for finding in findings:
        bad = finding.severity is Severity.ERROR
        mark = "[bold red]error[/]" if bad else "[yellow]warning[/]"
        line = f":{finding.line}" if finding.line else ""
        place = " ".join(
            filter(None, (f"{finding.file}{line}" if finding.file else "", finding.element_id))
        )
        console.print(f"{mark} [bold]{place}[/] ", end="")
        console.print(finding_sentence(finding, language), markup=False)
        console.print(f"  [dim]{finding.rule}[/]")
