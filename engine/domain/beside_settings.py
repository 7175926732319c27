"""Reads `[processes.*]` of a system: what may run beside the appraisal."""

from collections.abc import Mapping

from engine.domain.beside import Beside, Once, Opening

KEYS = frozenset(
    {"title", "title_en", "start", "by", "confidential", "once", "before_appraisal", "of_head"}
)


def beside_of(
    document: Mapping[str, object], main: str, roles: Mapping[str, object]
) -> Mapping[str, Beside]:
    """The processes beside the appraisal by id; `main` and `roles` are those of the system.

    Raises ValueError, KeyError or TypeError that names what is wrong: a key that is not known, a
    role that the system has not, or a process that nobody could ever open.
    """
    entries = document.get("processes", {})
    if not isinstance(entries, Mapping):
        raise TypeError("processes must be tables")
    if main in entries:
        raise ValueError(f"processes.{main} is the appraisal itself")
    return {key: _beside(key, entry, roles) for key, entry in entries.items()}


def _beside(key: str, entry: object, roles: Mapping[str, object]) -> Beside:
    if not isinstance(entry, Mapping) or entry.keys() - KEYS:
        raise TypeError(f"processes.{key} must be a table of {', '.join(sorted(KEYS))}")
    start, once = Opening(str(entry.get("start", Opening.ANYTIME))), entry.get("once")
    by = tuple(str(role) for role in _list(key, entry.get("by", [])))
    if unknown := [role for role in by if role not in roles]:
        raise ValueError(f"processes.{key}.by names no role: {', '.join(unknown)}")
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
    )


def _once(start: Opening, once: object) -> Once | None:
    """What each month opens, a month has once."""
    if start is Opening.MONTH:
        return Once.MONTH
    return None if once is None else Once(str(once))


def _list(key: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"processes.{key}.by must be a list of roles")
    return value
