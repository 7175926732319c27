"""Tables and copies: bringing tables up to date, copying everything, taking a copy back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli_house import console, desk_over, fail, make_folder, opened, settings_for, told
from engine.errors import InvalidFile
from engine.store.database import Store

Data = Annotated[Path, typer.Option("--data", help="Folder of the database and the files.")]
DATA = Path("var")
REASONS = {
    "not_a_copy": "is not a copy made by `alur backup`",
    "other_format": "was made by another kind of `alur backup`; use that version of the product",
    "other_tables": "holds other tables than this version of the product has",
    "incomplete": "is not whole: a part that the manifest names is missing",
    "damaged": "is damaged: a part is not what the manifest says",
}


def migrate(data: Data = DATA) -> None:
    """Bring the tables up to date, as their owner (ALUR_MIGRATION_URL); two at once wait."""
    settings = settings_for(data)
    with told():
        make_folder(data)
        store = Store(settings.database_url, migration_url=settings.migration_url)
        try:
            store.migrate()
            store.check_schema()
        finally:
            store.close()
    console.print("[green]✓[/] The tables are up to date and their guards hold.")


def backup(
    place: Annotated[Path, typer.Argument(help="The archive to write, such as monday.tar.")],
    data: Data = DATA,
) -> None:
    """Copy everything of one moment while work goes on; the keys go into a file of their own."""
    from engine.commands.backups import keys_of, make_backup

    if place.exists():
        fail(f"{place} is there already; a copy is never written over.")
    with opened(data) as house, console.status("Copying …"):
        manifest = make_backup(house.desk, place, now=datetime.now(UTC))
    rows = sum(part.rows for part in manifest.tables.values())
    console.print(f"[green]✓[/] {rows:,} rows and {len(manifest.files):,} files in {place}.")
    console.print(f"  Keys: {keys_of(place)}. Keep them apart from the archive, and both safe.")
    console.print(f"  The copy's name: {manifest.digest}")


def restore(
    place: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The archive.")],
    keys: Annotated[Path | None, typer.Option(help="Its keys, if not beside it.")] = None,
    replace: Annotated[bool, typer.Option(help="Throw away what stands there now.")] = False,
    yes: Annotated[bool, typer.Option(help="Do not ask before throwing away.")] = False,
    data: Data = DATA,
) -> None:
    """Take a copy back, prove its trail and note it there. Everybody has to sign in again."""
    from engine.commands.backups import keys_of
    from engine.commands.restoring import present, restore_backup

    settings, keys = settings_for(data), keys or keys_of(place)
    if not keys.is_file():
        fail(f"The keys of the copy are not at {keys}; name them with --keys.")
    with told():
        make_folder(data)
        store = Store(settings.database_url, migration_url=settings.migration_url)
        desk = desk_over(store, settings)
        try:
            if replace and not yes:
                _ask(dict(present(desk)))
            done = restore_backup(desk, place, keys, replace=replace, now=datetime.now(UTC))
            store.check_guards()
        except InvalidFile as error:
            fail(f"{error.name} {REASONS.get(error.reason, error.reason)}. Nothing was changed.")
        finally:
            store.close()
    console.print(
        f"[green]✓[/] {done.agencies:,} agencies with {done.events:,} events as of "
        f"{done.manifest.made_at}: nothing was changed in them."
    )


def _ask(counts: dict[str, int]) -> None:
    if not counts:
        return
    told_counts = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    console.print(f"[bold red]This throws away what stands there now:[/] {told_counts}.")
    typer.confirm("Go on?", abort=True)
