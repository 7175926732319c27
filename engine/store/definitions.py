"""Deployed definitions: immutable, content-addressed, one active at most a system."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, func, select, update

from engine.domain.bundle import Bundle
from engine.domain.people import EmployeeId
from engine.domain.process import DefinitionId
from engine.errors import DefinitionDamaged, NotFound
from engine.store import rows, tables
from engine.store.database import Transaction
from engine.store.states import DefinitionStatus


@dataclass(frozen=True)
class DefinitionRow:
    """One deployed version; `number` counts the versions of a system from 1."""

    id: DefinitionId
    system: str
    number: int
    status: str
    deployed_by: EmployeeId
    deployed_at: datetime


@dataclass(frozen=True)
class _File:
    definition_id: DefinitionId
    name: str
    sha256: str
    content: bytes


_definition, _file = tables.definition, tables.definition_file
_ALL = rows.selected(_definition, DefinitionRow)
_ONE = _ALL.where(_definition.c.id == bindparam("id"))
_OF_SYSTEM = _ALL.where(_definition.c.system == bindparam("system")).order_by(
    _definition.c.number.desc()
)
_FILES = rows.selected(_file, _File).where(_file.c.definition_id == bindparam("id"))
_LAST_NUMBER = select(func.coalesce(func.max(_definition.c.number), 0)).where(
    rows.own(_definition), _definition.c.system == bindparam("system")
)
_ACTIVE = (
    select(_definition.c.system)
    .where(rows.own(_definition), _definition.c.status == DefinitionStatus.ACTIVE.value)
    .order_by(_definition.c.system)
)
_INSERT, _INSERT_FILE = rows.inserted(_definition), rows.inserted(_file)
_RETIRE = (
    update(_definition)
    .where(rows.own(_definition), _definition.c.system == bindparam("of_system"))
    .values(status=DefinitionStatus.RETIRED.value)
)
_ACTIVATE = (
    update(_definition)
    .where(rows.own(_definition), _definition.c.id == bindparam("definition_id"))
    .values(status=DefinitionStatus.ACTIVE.value)
)


def deploy(
    tx: Transaction, bundle: Bundle, *, deployed_by: EmployeeId, now: datetime
) -> DefinitionRow:
    """Keep the bundle and make it the active version; deploying it again only makes it active."""
    tx.connection.execute(_RETIRE, {"own_agency": tx.agency_id, "of_system": bundle.system})
    if find(tx, bundle.definition_id) is None:
        _insert(tx, bundle, deployed_by, now)
    rows.run(tx, _ACTIVATE, {"definition_id": bundle.definition_id})
    return get(tx, bundle.definition_id)


def _insert(tx: Transaction, bundle: Bundle, deployed_by: EmployeeId, now: datetime) -> None:
    (last,) = rows.fetch_scalars(tx, _LAST_NUMBER, {"system": bundle.system})
    identifier = bundle.definition_id
    row = DefinitionRow(
        identifier, bundle.system, last + 1, DefinitionStatus.ACTIVE.value, deployed_by, now
    )
    rows.add(tx, _INSERT, [row])
    files = bundle.files.items()
    rows.add(
        tx,
        _INSERT_FILE,
        [_File(identifier, name, sha256(data).hexdigest(), data) for name, data in files],
    )


def find(tx: Transaction, definition_id: DefinitionId) -> DefinitionRow | None:
    """One version, if it was deployed here."""
    return rows.fetch_one(tx, _ONE, DefinitionRow, {"id": definition_id})


def get(tx: Transaction, definition_id: DefinitionId) -> DefinitionRow:
    """One version. Raises NotFound."""
    found = find(tx, definition_id)
    if found is None:
        raise NotFound("definition", definition_id)
    return found


def versions(tx: Transaction, system: str) -> tuple[DefinitionRow, ...]:
    """All versions of a system, the newest first."""
    return rows.fetch(tx, _OF_SYSTEM, DefinitionRow, {"system": system})


def active(tx: Transaction, system: str) -> DefinitionRow | None:
    """The version that new cases of the system start on."""
    found = (row for row in versions(tx, system) if row.status == DefinitionStatus.ACTIVE)
    return next(found, None)


def published(tx: Transaction) -> tuple[str, ...]:
    """The keys of the systems that new cases can start on."""
    return tuple(str(key) for key in rows.fetch_scalars(tx, _ACTIVE, {}))


def bundle(tx: Transaction, definition_id: DefinitionId) -> Bundle:
    """The files of a version as they were deployed. Raises NotFound or DefinitionDamaged."""
    row = get(tx, definition_id)
    files = rows.fetch(tx, _FILES, _File, {"id": definition_id})
    found = Bundle(row.system, {file.name: file.content for file in files})
    if found.definition_id != definition_id:
        raise DefinitionDamaged(definition_id)
    return found
