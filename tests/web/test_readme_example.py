"""The example for programs in the README, run as it stands there against a server of its own."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.desk import Desk
from engine.commands.people import founder
from engine.commands.sessions import Door, Stay
from engine.domain.people import EmployeeId
from engine.store import people
from tests.machines import machines
from tests.office import ROOT
from tests.web.conftest import Town
from tests.web.test_sign_in_pages import PASSWORD


def activated(desk: Desk, town: Town, who: str) -> str:
    """Give somebody a password; the NIP."""
    now, agency_id = datetime.now(UTC), town.office.agency_id
    code = issue_code(desk, founder(agency_id), employee_id=EmployeeId(who), now=now).code
    with desk.store.reading(agency_id) as tx:
        nip = people.employee(tx, EmployeeId(who)).nip
    stay = Stay(timedelta(hours=1), timedelta(hours=1))
    door = Door("0" * 64, "", "", "id", stay)
    secrets = NewSecrets(PASSWORD, PASSWORD, "")
    use_code(desk, nip=nip, code=code, secrets=secrets, door=door, now=now)
    return nip


def test_the_example_of_the_readme_writes_one_note(desk: Desk, town: Town, tmp_path: Path) -> None:
    text = (ROOT / "api" / "README.md").read_text()
    script = re.search(r"## For programs.*?```sh\n(.*?)```", text, re.DOTALL)[1]
    nip, case = activated(desk, town, "analyst"), town.cases["analyst"]

    with machines(desk.store.url, tmp_path) as made:
        host = f"http://127.0.0.1:{made.serve().port}"
        given = {"HOST": host, "NIP": nip, "PASSWORD": PASSWORD, "CASE": case}
        ended = subprocess.run(
            ["bash", "-euc", script], cwd=tmp_path, env={**os.environ, **given}, check=False,
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    first, second, notes = (json.loads(line) for line in ended.stdout.splitlines())
    assert first == second
    assert [note["id"] for note in notes["items"]] == [first["id"]]
