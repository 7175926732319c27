"""Commands that the README shows exist."""

import re
import shlex

from tests.house import tree

DOCUMENTS = ("README.md", "ARCHITECTURE.md")


def shown_commands(text: str) -> list[list[str]]:
    """Lines of fenced shell blocks, as words, without prompt and comment."""
    blocks = re.findall(r"^```(?:sh|bash|console|)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def make_targets() -> set[str]:
    """Targets that the Makefile explains."""
    return set(re.findall(r"^([a-z-]+):.*## ", tree.read("Makefile"), re.MULTILINE))


def alur_commands() -> set[str]:
    """Commands of the command line, groups written as "audit verify"."""
    from typer.main import get_command

    from api.cli import app

    def walk(command, prefix: str) -> set[str]:
        parts = getattr(command, "commands", {})
        found = {f"{prefix}{name}" for name in parts}
        return found.union(*(walk(part, f"{prefix}{name} ") for name, part in parts.items()))

    return walk(get_command(app), "")


def unknown(commands: list[list[str]], targets: set[str], known: set[str]) -> list[str]:
    """Commands of make and alur that do not exist."""
    found = []
    for program, *arguments in commands:
        words = [word for word in arguments if not word.startswith("-") and "=" not in word]
        names = {" ".join(words[:count]) for count in (1, 2)}
        if program == "make" and not set(words) <= targets:
            found.append(f"make {' '.join(words)}")
        if program.endswith("alur") and words and not names & known:
            found.append(f"alur {' '.join(words)}")
    return found


def test_every_command_in_the_documents_exists():
    commands = [words for name in DOCUMENTS for words in shown_commands(tree.read(name))]
    uses_alur = any(program.endswith("alur") for program, *_ in commands)

    known = alur_commands() if uses_alur else set()

    assert commands != []
    assert unknown(commands, make_targets(), known) == []


def test_an_invented_command_is_noticed():
    lines = ["$ make run PORT=8080  # starts", "make fly", "alur audit verify --json", "alur dance"]
    text = "\n".join(["```sh", *lines, "```"])

    found = unknown(shown_commands(text), {"run"}, {"audit", "audit verify"})

    assert found == ["make fly", "alur dance"]
