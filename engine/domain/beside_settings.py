"""Reads `[processes.*]` of a system: what may run beside the appraisal."""

from collections.abc import Mapping

from engine.domain.beside import Beside, Once, Opening, Shown
from engine.domain.people import UnitFunction
from engine.domain.settings import Role

KEYS = frozenset(
    {
        "title", "title_en", "start", "by", "confidential", "once", "before_appraisal", "of_head",
        "readers", "shown",
    }
)  # fmt: skip
SHOWN_KEYS = frozenset({"title", "title_en", "when", "consent", "fields"})


def beside_of(
    document: Mapping[str, object], main: str, roles: Mapping[str, Role]
) -> Mapping[str, Beside]:
    """The processes beside the appraisal by id; `main` and `roles` are those of the system.

    Raises ValueError, KeyError or TypeError that names what is wrong: a key that is not known, a
    role that the system has not, a process that nobody could ever open, or that what is
    confidential had readers or were shown.
    """
    entries = document.get("processes", {})
    if not isinstance(entries, Mapping):
        raise TypeError("processes must be tables")
    if main in entries:
        raise ValueError(f"processes.{main} is the appraisal itself")
    return {key: _beside(key, entry, roles) for key, entry in entries.items()}


def _beside(key: str, entry: object, roles: Mapping[str, Role]) -> Beside:
    if not isinstance(entry, Mapping) or entry.keys() - KEYS:
        raise TypeError(f"processes.{key} must be a table of {', '.join(sorted(KEYS))}")
    start, once = Opening(str(entry.get("start", Opening.ANYTIME))), entry.get("once")
    by = _roles(key, "by", entry, roles)
    if not by and start is Opening.ANYTIME:
        raise ValueError(f"processes.{key}.by names nobody who may open it")
    title = str(entry["title"])
    return Beside(
        process_id=key,
        title={"id": title, "en": str(entry.get("title_en", title))},
        by=by,
        start=start,
        confidential=entry.get("confidential") is True,
        once=_once(start, once),
        before_appraisal=entry.get("before_appraisal") is True,
        of_head=entry.get("of_head") is True,
        readers=_readers(key, entry, roles),
        shown=_shown(key, entry),
    )


def _shown(key: str, entry: Mapping[str, object]) -> Shown | None:
    found = entry.get("shown")
    if found is None:
        return None
    if not isinstance(found, Mapping) or found.keys() - SHOWN_KEYS:
        raise TypeError(f"processes.{key}.shown must be a table of {', '.join(sorted(SHOWN_KEYS))}")
    if entry.get("confidential") is True:
        raise ValueError(f"processes.{key} is confidential and shown to nobody")
    fields, title = found["fields"], str(found["title"])
    if not isinstance(fields, list) or not fields:
        raise TypeError(f"processes.{key}.shown.fields must be a list of paths")
    return Shown(
        title={"id": title, "en": str(found.get("title_en", title))},
        when=str(found["when"]),
        consent=str(found["consent"]),
        fields=tuple(str(path) for path in fields),
    )


def _once(start: Opening, once: object) -> Once | None:
    """What each month opens, a month has once."""
    if start is Opening.MONTH:
        return Once.MONTH
    return None if once is None else Once(str(once))


def _readers(
    key: str, entry: Mapping[str, object], roles: Mapping[str, Role]
) -> frozenset[UnitFunction]:
    """The functions of the roles that may read it; only who holds a duty is found by a case."""
    named = _roles(key, "readers", entry, roles)
    if without := [role for role in named if roles[role].function is None]:
        raise ValueError(f"processes.{key}.readers have no function: {', '.join(without)}")
    if named and entry.get("confidential") is True:
        raise ValueError(f"processes.{key} is confidential and has no readers")
    return frozenset(function for role in named if (function := roles[role].function))


def _roles(
    key: str, name: str, entry: Mapping[str, object], roles: Mapping[str, Role]
) -> tuple[str, ...]:
    value = entry.get(name, [])
    if not isinstance(value, list):
        raise TypeError(f"processes.{key}.{name} must be a list of roles")
    found = tuple(str(role) for role in value)
    if unknown := [role for role in found if role not in roles]:
        raise ValueError(f"processes.{key}.{name} names no role: {', '.join(unknown)}")
    return found
