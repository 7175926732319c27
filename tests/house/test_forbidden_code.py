"""Constructs that open a door for injected code, SQL or markup are not there at all."""

import ast
import re
from collections.abc import Iterator

from tests.house import tree

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "dill"}
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s|DROP\s|ALTER\s"
    r"|GRANT\s|REVOKE\s|TRUNCATE\s)",
    re.IGNORECASE | re.DOTALL,
)
# Triggers and grants take no parameters; these statements are made of our own tables' names.
MAY_BUILD_SQL = ("engine/store/guards.py", "engine/store/migrations/")
UNSAFE_TEMPLATE = re.compile(r"\|\s*safe\b|autoescape\s+false")


def dangerous(name: str, module: ast.Module) -> Iterator[str]:
    """Calls and imports that run or load foreign code, and SQL made of pieces of text."""
    may_build_sql = name.startswith(MAY_BUILD_SQL)
    for node in ast.walk(module):
        complaint = _call(node) or _import(node) or (not may_build_sql and _built_sql(node))
        if complaint:
            yield f"{node.lineno} {complaint}"


def _call(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    target = ast.unparse(node.func)
    if target in FORBIDDEN_CALLS:
        return f"calls {target}"
    if target in {"yaml.load", "yaml.unsafe_load", "Markup", "markupsafe.Markup"}:
        # Markup of a constant is a template in the wrong place, of anything else an injection.
        return f"calls {target}"
    return None


def _import(node: ast.AST) -> str | None:
    if isinstance(node, ast.Import):
        names = {alias.name for alias in node.names}
    elif isinstance(node, ast.ImportFrom):
        names = {node.module or ""}
    else:
        return None
    found = sorted(names & FORBIDDEN_MODULES)
    return f"imports {found[0]}" if found else None


def _built_sql(node: ast.AST) -> str | None:
    """SQL by f-string, %, + or format; PRAGMA takes no parameters and does not match."""
    pieces: list[ast.expr] = []
    if isinstance(node, ast.JoinedStr):
        if not any(isinstance(part, ast.FormattedValue) for part in node.values):
            return None
        pieces = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        constants = all(isinstance(side, ast.Constant) for side in (node.left, node.right))
        pieces = [] if constants else [node.left]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        pieces = [node.func.value] if node.func.attr == "format" else []
    first = pieces[0] if pieces else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and SQL.match(first.value):
        return "builds SQL from pieces of text"
    return None


def unsafe_templates(name: str, text: str) -> list[str]:
    """Lines of a template that switch escaping off."""
    return [
        f"{name}:{number} {line.strip()}"
        for number, line in enumerate(text.splitlines(), start=1)
        if UNSAFE_TEMPLATE.search(line)
    ]


def test_the_product_runs_no_foreign_code_and_builds_no_sql():
    tree.expect_none(tree.complaints(tree.modules("engine", "api"), dangerous))


def test_no_template_switches_escaping_off():
    templates = tree.matching(".html", under="api/")

    tree.expect_none(
        [line for name in templates for line in unsafe_templates(name, tree.read(name))]
    )


def test_each_dangerous_construct_is_noticed():
    samples = [
        "eval('1')",
        "exec(text)",
        "import pickle",
        "from marshal import loads",
        "yaml.load(text)",
        "Markup(text)",
        "f'SELECT * FROM {table}'",
        "'DELETE FROM note WHERE id = ' + key",
        "'UPDATE note SET body = %s' % body",
        "'INSERT INTO {} VALUES (1)'.format(table)",
    ]

    unnoticed = [sample for sample in samples if not list(dangerous("", ast.parse(sample)))]

    assert unnoticed == []
    assert unsafe_templates("x.html", "<p>{{ note | safe }}</p>") != []


def test_harmless_look_alikes_pass():
    samples = ["f'PRAGMA busy_timeout={ms}'", "f'Select a form: {name}'", "re.compile('x')",
               "'SELECT 1 FROM a ' 'WHERE b = :b'", "f'updated {n} rows'"]  # fmt: skip

    noticed = [sample for sample in samples if list(dangerous("", ast.parse(sample)))]

    assert noticed == []
