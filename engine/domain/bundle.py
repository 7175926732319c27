"""A system's files as one immutable, content-addressed bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from engine.domain.process import DefinitionId


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

    def form_file(self, name: str) -> str | None:
        """Path of a form file: the system's own folder wins over `shared`."""
        for folder in (self.system, "shared"):
            path = f"forms/{folder}/{name}"
            if path in self.files:
                return path
        return None
