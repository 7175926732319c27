"""Reads a system's folders into a checked, content-addressed bundle with its settings."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import Any

from engine.domain.beside_settings import beside_of
from engine.domain.bundle import SHARED, Bundle
from engine.domain.citizen_survey import OF_PERSON, Element
from engine.domain.code_words import code_words_of
from engine.domain.daily_log_settings import log_rules_of
from engine.domain.fairness_settings import fairness_of
from engine.domain.follow_ups import follow_ups_of
from engine.domain.measured import threshold_of
from engine.domain.monthly_recap import recap_of
from engine.domain.people import UnitFunction
from engine.domain.place_words import PlaceWord, place_words_of
from engine.domain.scoring_settings import scoring_of
from engine.domain.settings import (
    OF_MANY,
    Counting,
    DeadlineSetting,
    Relation,
    Role,
    RoleKind,
    Stage,
    SystemSettings,
)
from engine.errors import Finding, InvalidDefinition

FOLDERS = ("workflows", "forms")
KINDS = frozenset({".bpmn", ".dmn", ".json", ".toml"})
DEFAULTS = "workflows/shared/defaults.toml"
MAX_FILE_BYTES = 2_000_000
Table = Mapping[str, object]


def read_bundle(root: Path, system: str) -> Bundle:
    """The files of `system` and what it uses of `shared`, without READMEs and scenario paths."""
    files: dict[str, bytes] = {}
    for folder in FOLDERS:
        for owner in (system, SHARED):
            files |= _files_of(root, f"{folder}/{owner}")
    if f"workflows/{system}/system.toml" not in files:
        raise InvalidDefinition([Finding("system.settings_missing", params={"system": system})])
    return Bundle(system, files).without_unused()


def _files_of(root: Path, folder: str) -> dict[str, bytes]:
    found = {}
    for path in sorted((root / folder).glob("*")):
        if path.suffix in KINDS and path.is_file():
            if path.stat().st_size > MAX_FILE_BYTES:
                raise InvalidDefinition([Finding("system.file_too_large", file=path.name)])
            found[f"{folder}/{path.name}"] = path.read_bytes()
    return found


def systems(root: Path) -> tuple[str, ...]:
    """Keys of all systems below `root`: folders of `workflows` with a `system.toml`."""
    return tuple(sorted(path.parent.name for path in (root / "workflows").glob("*/system.toml")))


def process_id(path: str) -> str:
    """The process or table id that a file must carry: the file's stem."""
    return PurePosixPath(path).stem


def read_settings(bundle: Bundle) -> SystemSettings:
    """The settings of a bundle: its own, and where they are silent those that all systems share.

    Raises InvalidDefinition naming the table and key that is wrong.
    """
    path = f"workflows/{bundle.system}/system.toml"
    own = _document(bundle, path)
    if DEFAULTS in bundle.files:
        own = _laid_over(_document(bundle, DEFAULTS), own)
    try:
        return _settings(bundle.system, own)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _refused(path, "system.settings_wrong", str(error)) from error


def _document(bundle: Bundle, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(bundle.files[path].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(path, "system.settings_unreadable", str(error)) from error


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Entry by entry what stands above; tables are laid over each other, lists replaced."""
    both = {key: (below[key], above[key]) for key in below.keys() & above.keys()}
    tables = {
        key: _laid_over(under, over)
        for key, (under, over) in both.items()
        if isinstance(under, dict) and isinstance(over, dict)
    }
    return below | above | tables


def _refused(path: str, rule: str, detail: str) -> InvalidDefinition:
    return InvalidDefinition([Finding(rule, file=path, params={"detail": detail})])


def _settings(key: str, document: Mapping[str, Table]) -> SystemSettings:
    system, appeal = document["system"], document.get("appeal", {})
    results = document.get("results", {})
    words = place_words_of(document)
    head = words[PlaceWord.HEAD_OF_UNIT]
    roles = {name: _role(name, _table(entry), head) for name, entry in document["roles"].items()}
    lanes = _lanes(document["lanes"], roles)
    fairness, follow_ups = fairness_of(document), follow_ups_of(document, roles)
    return SystemSettings(
        key=key,
        title=_titles(system),
        main_process=str(system["main_process"]),
        beside=beside_of(document, str(system["main_process"]), roles),
        limits={n: _limit(n, entry) for n, entry in _table(document.get("limits", {})).items()},
        legal_basis=tuple(_strings(system.get("legal_basis", []))),
        needs_plan=system.get("needs_plan") is True,
        needs_rater=system.get("needs_rater") is True,
        deadlines={n: _deadline(n, _table(e)) for n, e in document["deadlines"].items()},
        roles=roles,
        lanes=lanes,
        stages=tuple(_stage(_table(entry)) for entry in _list(document.get("stages", []))),
        final_authority=_text_or_none(appeal.get("final_authority")),
        appeal_may_lower=appeal.get("may_lower") is True,
        result_path=str(results.get("result", "result")),
        predicate_path=str(results.get("predicate", "official_predicate.predicate")),
        delivery_path=str(results.get("delivery", "delivery")),
        hearing=frozenset(_strings(appeal.get("hearing", []))),
        scoring=scoring_of(document),
        score_path=str(results.get("score", "score.local")),
        person_elements=_elements(document.get("survey", {})),
        complaints=threshold_of(document.get("complaints")),
        fairness=fairness,
        daily_log=log_rules_of(document),
        follow_ups=follow_ups,
        recap=recap_of(document),
        codes=code_words_of(document, fairness, follow_ups),
        words=words,
        names_en={i: str(name) for i, name in _table(document.get("names_en", {})).items()},
        other={n: e for n, e in document.items() if n not in _OWN},
    )


_OWN = frozenset(
    {
        "system", "appeal", "results", "roles", "lanes", "deadlines", "limits", "stages",
        "names_en", "processes", "survey", "complaints", "daily_log", "follow_ups", "recap",
        "codes", "words",
    }
)  # fmt: skip


def _elements(survey: Table) -> tuple[Element, ...]:
    """Raises ValueError for an element that is not known, that comes twice, or for none."""
    found = tuple(Element(key) for key in _strings(survey.get("person_elements", list(OF_PERSON))))
    if not found or len(set(found)) < len(found):
        raise ValueError("survey.person_elements: at least one, each once")
    return found


def _titles(entry: Table) -> Mapping[str, str]:
    indonesian = str(entry["title"])
    return {"id": indonesian, "en": str(entry.get("title_en", indonesian))}


def _role(key: str, entry: Table, head_of_unit: Mapping[str, str]) -> Role:
    """One role; who heads a unit is called as in this place, unless the role says otherwise."""
    kind = RoleKind(str(entry["kind"]))
    is_head = kind is RoleKind.HEAD_OF_UNIT and "title" not in entry
    relation, function = entry.get("relation"), entry.get("function")
    return Role(
        key=key,
        kind=kind,
        title=head_of_unit if is_head else _titles(entry),
        relation=Relation(str(relation)) if relation else None,
        function=UnitFunction(str(function)) if function else None,
        office=_text_or_none(entry.get("office")),
        path=_text_or_none(entry.get("from")),
    )


def _lanes(table: Table, roles: Mapping[str, Role]) -> Mapping[str, tuple[str, ...]]:
    """Raises ValueError for a lane whose work would go to several people at once."""
    lanes = {name: tuple(_strings(entry)) for name, entry in table.items()}
    for name, keys in lanes.items():
        if many := [key for key in keys if key in roles and roles[key].relation in OF_MANY]:
            raise ValueError(f"lanes.{name}: several people hold {', '.join(many)}")
    return lanes


def _deadline(key: str, entry: Table) -> DeadlineSetting:
    days = entry["days"]
    if not isinstance(days, int) or not 0 <= days <= 730:
        raise ValueError(f"deadlines.{key}.days must be a whole number from 0 to 730")
    return DeadlineSetting(key, days, Counting(str(entry.get("counting", "calendar"))))


def _limit(key: str, number: object) -> Decimal:
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        raise ValueError(f"limits.{key} must be a number")
    return Decimal(str(number))


def _stage(entry: Table) -> Stage:
    return Stage(str(entry["id"]), _titles(entry), tuple(_strings(entry["elements"])))


def _table(value: object) -> Table:
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a table, found {value!r}")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {value!r}")
    return value


def _strings(value: object) -> list[str]:
    entries = _list(value)
    if not all(isinstance(entry, str) for entry in entries):
        raise TypeError(f"expected texts, found {value!r}")
    return [str(entry) for entry in entries]


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
