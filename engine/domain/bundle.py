"""A system's files as one immutable, content-addressed bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath

from engine.domain.process import DefinitionId

SHARED = "shared"
SCHEMA, UI_SCHEMA = "-schema.json", "-uischema.json"


@dataclass(frozen=True)
class Bundle:
    """Files of one system by path, such as `workflows/national/annual_evaluation.bpmn`."""

    system: str
    files: Mapping[str, bytes]

    @cached_property
    def definition_id(self) -> DefinitionId:
        """SHA-256 over names and contents, in name order and length-prefixed."""
        digest = sha256(self.system.encode())
        for name in sorted(self.files):
            content = self.files[name]
            digest.update(f"\0{len(name)}:{name}:{len(content)}:".encode())
            digest.update(content)
        return DefinitionId(digest.hexdigest())

    def of_kind(self, suffix: str) -> Mapping[str, bytes]:
        """Files whose name ends in `suffix`, by path."""
        return {name: content for name, content in self.files.items() if name.endswith(suffix)}

    def without_unused(self) -> "Bundle":
        """The same without what the system does not use of `shared`.

        That is every page, table and form that nothing of the system names, directly or through
        another shared page, and those that the system has itself under the same name.
        """
        own = {name for name in self.files if name.split("/")[1] != SHARED}
        taken = {name.replace(f"/{self.system}/", f"/{SHARED}/") for name in own}
        lent = [name for name in self.files if name not in own | taken]
        used = own | {name for name in lent if name.endswith(".toml")}
        waiting = list(used)
        while waiting:
            text = self.files[waiting.pop()]
            named = [name for name in lent if name not in used and _names(text, name)]
            used.update(named)
            waiting.extend(named)
        return Bundle(self.system, {name: self.files[name] for name in self.files if name in used})

    def form_file(self, name: str) -> str | None:
        """Path of a form file: the system's own folder wins over `shared`."""
        for folder in (self.system, "shared"):
            path = f"forms/{folder}/{name}"
            if path in self.files:
                return path
        return None


def _names(text: bytes, file: str) -> bool:
    """Does a diagram or a setting call the page, table or form of this file?

    The setting of a form names its schema only; how it looks comes along.
    """
    called = PurePosixPath(file)
    key = called.name if called.suffix == ".json" else called.stem
    named = {f'"{key}"', f'"{key.replace(UI_SCHEMA, SCHEMA)}"', f">{key}<"}
    return any(name.encode() in text for name in named)
