"""What `alur doctor` looks at: each check says in a sentence what is so, and what to do if not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from api.settings import Settings
from engine.commands.desk import Desk
from engine.domain.people import AgencyId
from engine.errors import AlurError, Unavailable
from engine.queries.standing import Standing, standing
from engine.store import agencies, copies
from engine.store.database import ANY_AGENCY

MOST_SKEW = timedelta(seconds=5)
LEAST_FREE = 1_000_000_000
SAMPLE = 50
# Several times the longest interval of a job.
SILENT_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Result:
    """One check: what is so; `advice` is empty when all is well."""

    check: str
    sentence: str
    advice: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done."""
        return not self.advice


@dataclass(frozen=True)
class Patient:
    """What is looked at."""

    desk: Desk
    settings: Settings
    data: Path
    now: datetime


def every_result(patient: Patient) -> Iterator[Result]:
    """All checks; those that need the database stop at the first that cannot reach it."""
    yield from _settings(patient)
    yield from _disk(patient)
    yield from _secrets(patient)
    try:
        for check in (_database, _guards, _clock, _files, _work):
            yield from check(patient)
    except AlurError as error:
        yield Result(
            "database", f"It cannot be used: {error}.",
            "See that the server runs, that ALUR_DATABASE_URL is right, and run `alur migrate`.",
        )  # fmt: skip


def _settings(patient: Patient) -> Iterator[Result]:
    address = urlsplit(patient.settings.public_address)
    local = address.hostname in {"127.0.0.1", "localhost"}
    if address.scheme == "https" and not patient.settings.secure_cookies:
        yield Result(
            "address", "Pages come over TLS, but cookies may travel without it.",
            "Set ALUR_SECURE_COOKIES=true.",
        )  # fmt: skip
    elif address.scheme != "https" and not local:
        yield Result(
            "address", f"{patient.settings.public_address} is not protected by TLS.",
            "Put a proxy with TLS in front and set ALUR_PUBLIC_ADDRESS to its https address.",
        )  # fmt: skip
    else:
        yield Result("address", f"People come to {patient.settings.public_address}.")
    if address.hostname and address.hostname not in patient.settings.allowed_hosts:
        yield Result(
            "hosts", f"Requests to {address.hostname} are refused.",
            "Add the host of ALUR_PUBLIC_ADDRESS to ALUR_ALLOWED_HOSTS.",
        )  # fmt: skip


def _disk(patient: Patient) -> Iterator[Result]:
    free = shutil.disk_usage(patient.data if patient.data.exists() else Path.cwd()).free
    sentence = f"{free // 10**8 / 10} GB are free beside {patient.data}."
    advice = "" if free >= LEAST_FREE else "Make room: nothing can be stored on a full disk."
    yield Result("disk", sentence, advice)


def _secrets(patient: Patient) -> Iterator[Result]:
    """Files that hold personal data or secrets are their owner's alone."""
    open_to_all = [
        path.name
        for path in sorted(patient.data.glob("*"))
        if path.suffix in {".db", ".keys", ".env", ".tar", ".toml"} and path.stat().st_mode & 0o007
    ]
    folder_is_closed = patient.data.exists() and not patient.data.stat().st_mode & 0o007
    if open_to_all and not folder_is_closed:
        yield Result(
            "permissions", f"Everybody on this machine may read {', '.join(open_to_all)}.",
            f"chmod -R o-rwx {patient.data}",
        )  # fmt: skip
    else:
        yield Result("permissions", "Nobody else on this machine may read data or secrets.")


def _database(patient: Patient) -> Iterator[Result]:
    if not patient.desk.store.is_there:
        raise Unavailable("database", f"there is none in {patient.data}")
    patient.desk.store.check_schema()
    kind = "SQLite" if patient.desk.store.is_sqlite else "PostgreSQL"
    yield Result("database", f"{kind} answers, with the tables of this program.")


def _guards(patient: Patient) -> Iterator[Result]:
    patient.desk.store.check_guards()
    yield Result("guards", "The guards of the audit trail refuse every change.")


def _clock(patient: Patient) -> Iterator[Result]:
    there = patient.desk.store.clock()
    skew = abs(there - patient.now) if there else timedelta()
    seconds = skew // timedelta(milliseconds=100) / 10
    sentence = f"The clocks here and of the database differ by {seconds} s."
    advice = "" if skew <= MOST_SKEW else "Let both machines follow the same time servers (NTP)."
    yield Result("clock", sentence, advice)


def _files(patient: Patient) -> Iterator[Result]:
    with patient.desk.store.reading(ANY_AGENCY) as tx:
        sample = [digest for digest, _ in islice(copies.digests(tx), SAMPLE)]
    bad = [digest for digest in sample if not _is_whole(patient.desk, digest)]
    advice = f"Bring {bad[0]} … back from a copy: `alur restore`." if bad else ""
    whole = len(sample) - len(bad)
    yield Result("files", f"{whole} of {len(sample)} files looked at are whole.", advice)


def _is_whole(desk: Desk, digest: str) -> bool:
    try:
        desk.files.get(digest)
    except AlurError:
        return False
    return True


def _work(patient: Patient) -> Iterator[Result]:
    store = patient.desk.store
    with store.reading(ANY_AGENCY) as tx:
        ids = agencies.every_id(tx)
    every = [_standing(patient, agency_id) for agency_id in ids]
    counts: tuple[tuple[str, Callable[[Standing], int], str, str], ...] = (
        ("deadlines", lambda each: each.overdue_timers, "deadlines are minutes late",
         "See that `alur serve` or `alur worker` runs, and what it logs."),
        ("outbox", lambda each: each.stuck_effects, "effects have failed several times",
         "See in the log why; mail server and gateways are the usual reasons."),
        ("incidents", lambda each: each.open_incidents, "cases wait for a retry",
         "HR finds them under held files."),
    )  # fmt: skip
    for check, counted, words, advice in counts:
        number = sum(counted(each) for each in every)
        yield Result(check, f"{number:,} {words}.", advice if number else "")
    yield _jobs(patient, every)


def _standing(patient: Patient, agency_id: AgencyId) -> Standing:
    with patient.desk.store.reading(agency_id) as tx:
        return standing(tx, now=patient.now)


def _jobs(patient: Patient, every: list[Standing]) -> Result:
    runs = [run for each in every for run in each.jobs]
    silent = sorted({run.job for run in runs if patient.now - run.ran_at > SILENT_AFTER})
    advice = "Start `alur serve` or `alur worker`, and see what it logs."
    if every and not runs:
        return Result("jobs", "Background work has never run.", advice)
    if silent:
        return Result("jobs", f"Nobody has looked for {', '.join(silent)} lately.", advice)
    return Result("jobs", "Background work is done.")
