"""Reads what `alur lint` is given: a system's folder, an archive or one file; extracts nothing."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from engine.bpmn.lint.bundle import check_bundle
from engine.domain.bundle import SHARED, Bundle
from engine.domain.wording import LANGUAGES, finding_sentence
from engine.errors import Finding, InvalidDefinition, errors_of
from engine.library import FOLDERS, KINDS, MAX_FILE_BYTES, read_bundle, read_settings, systems
from engine.operations import OPERATIONS

MAX_ARCHIVE_FILES = 2_000
SETTINGS_FILE = "system.toml"


class NotReadable(ValueError):
    """The path is nothing that can be checked; the message says why."""


@dataclass(frozen=True)
class Checked:
    """One path with what was found."""

    path: str
    system: str
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether there is an error among the findings."""
        return bool(errors_of(self.findings))

    def as_json(self) -> dict[str, object]:
        """The same for programs, with the sentences in both languages."""
        findings = [
            asdict(found) | {language: finding_sentence(found, language) for language in LANGUAGES}
            for found in self.findings
        ]
        return {
            "path": self.path,
            "system": self.system,
            "refused": self.refused,
            "findings": findings,
        }


def check_path(path: Path, *, library: Path, system: str) -> Iterator[Checked]:
    """Check what lies at `path`; a lone file is checked as if it belonged to `system`.

    Raises NotReadable for what is no folder, archive or file of a system.
    """
    if path.is_dir():
        yield from _check_folder(path)
    elif path.suffix == ".zip" and path.is_file():
        yield from _check_archive(path, library)
    elif path.suffix in KINDS and path.is_file():
        yield _check_file(path, library, system)
    else:
        raise NotReadable(
            f"{path}: no folder, .zip or file of a system ({', '.join(sorted(KINDS))})"
        )


def check_files(bundle: Bundle) -> tuple[Finding, ...]:
    """All findings of a bundle; runs nothing of it."""
    operations = {key: operation.params for key, operation in OPERATIONS.items()}
    try:
        return check_bundle(bundle, read_settings(bundle), operations)
    except InvalidDefinition as refused:
        return refused.findings


def _check_folder(path: Path) -> Iterator[Checked]:
    """The folder of a system, or the folder above `workflows` with all systems in it."""
    folder = path.resolve()
    if folder.parent.name in FOLDERS and folder.name != SHARED:
        root, found = folder.parents[1], (folder.name,)
    else:
        root, found = folder, systems(folder)
    if not found:
        raise NotReadable(f"{path}: neither the folder of a system nor one with `workflows`")
    for system in found:
        try:
            findings = check_files(read_bundle(root, system))
        except InvalidDefinition as refused:
            findings = refused.findings
        yield Checked(str(path), system, findings)


def _check_file(path: Path, library: Path, system: str) -> Checked:
    """The file in its own system when it lies in one; otherwise laid over `system`."""
    folder = path.resolve().parent
    if folder.parent.name in FOLDERS:
        library = folder.parents[1]
        system = folder.name if folder.name != SHARED else _first(systems(library), system)
        name = f"{folder.parent.name}/{folder.name}/{path.name}"
    else:
        place = "forms" if path.suffix == ".json" else "workflows"
        name = f"{place}/{system}/{path.name}"
    try:
        bundle = read_bundle(library, system)
    except InvalidDefinition as refused:
        return Checked(str(path), system, refused.findings)
    if path.stat().st_size > MAX_FILE_BYTES:
        return Checked(str(path), system, (Finding("system.file_too_large", file=path.name),))
    laid_over = Bundle(system, {**bundle.files, name: path.read_bytes()})
    found = tuple(finding for finding in check_files(laid_over) if finding.file in {name, None})
    return Checked(str(path), system, found)


def _first(found: tuple[str, ...], otherwise: str) -> str:
    return otherwise if otherwise in found or not found else found[0]


def _check_archive(path: Path, library: Path) -> Iterator[Checked]:
    """All systems of an archive, read in memory; the library lends `shared` if it is missing."""
    try:
        files = _archived(path)
    except InvalidDefinition as refused:
        yield Checked(str(path), path.stem, refused.findings)
        return
    found = sorted(
        PurePosixPath(name).parts[1]
        for name in files
        if name.startswith("workflows/") and name.endswith(f"/{SETTINGS_FILE}")
    )
    if not found:
        raise NotReadable(f"{path}: the archive holds no workflows/<system>/{SETTINGS_FILE}")
    for system in found:
        own = {name: content for name, content in files.items() if _of(name) in {system, SHARED}}
        bundle = Bundle(system, _shared(library, own)).without_unused()
        yield Checked(str(path), system, check_files(bundle))


def _of(name: str) -> str:
    return PurePosixPath(name).parts[1]


def _shared(library: Path, own: Mapping[str, bytes]) -> dict[str, bytes]:
    lent = {
        f"{folder}/{SHARED}/{file.name}": file.read_bytes()
        for folder in FOLDERS
        for file in sorted((library / folder / SHARED).glob("*"))
        if file.suffix in KINDS
    }
    return lent | dict(own)


def _archived(path: Path) -> dict[str, bytes]:
    """Files of the archive by path. Raises InvalidDefinition for unsafe or oversized ones."""
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_unsafe(members)
            for member in members:
                name = _below_root(member.filename)
                if name and PurePosixPath(name).suffix in KINDS:
                    files[name] = archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        finding = Finding("archive.unreadable", file=path.name, params={"file": path.name})
        raise InvalidDefinition([finding]) from error
    return files


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    found = []
    if len(members) > MAX_ARCHIVE_FILES:
        found.append(Finding("archive.too_many_files", params={"limit": f"{MAX_ARCHIVE_FILES}"}))
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
        if ".." in parts or member.filename.startswith(("/", "\\")) or is_link or ":" in parts[0]:
            params = {"file": member.filename[:100]}
            found.append(Finding("archive.unsafe_path", file=member.filename[:100], params=params))
        elif member.file_size > MAX_FILE_BYTES:
            found.append(Finding("system.file_too_large", file=member.filename[:100]))
    if found:
        raise InvalidDefinition(found)


def _below_root(name: str) -> str | None:
    """The path from `workflows` or `forms` on; people often pack the folder above as well."""
    parts = PurePosixPath(name).parts
    for place in (0, 1):
        if len(parts) == place + 3 and parts[place] in FOLDERS:
            return "/".join(parts[place:])
    return None
