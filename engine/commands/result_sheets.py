"""Result sheets: made once a version, language and form, kept sealed, checked by their code."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import choice

from engine.commands.answers import ALPHABET
from engine.commands.attempts import clear_tries, count_try
from engine.commands.desk import Desk
from engine.commands.permissions import case_access, demand
from engine.commands.trail import Scribe
from engine.domain.access import Verb
from engine.domain.actions import Action
from engine.domain.attempts import ADDRESS, PAIR
from engine.domain.people import Actor
from engine.domain.process import InstanceId
from engine.errors import Conflict, NotFound
from engine.store import audit, instances, result_sheets, results
from engine.store.database import ANY_AGENCY, Transaction
from engine.store.ids import new_id
from engine.store.result_sheets import SheetRow
from engine.store.sealing import get_key, open_sealed, seal

CODE_LENGTH, GROUP = 16, 4
Facts = Mapping[str, object]


@dataclass(frozen=True)
class NewSheet:
    """A sheet that was just set: what it says, by which code, and the digest of its bytes.

    `facts` name the appraised person's `nip` and the `predicate` for the check.
    """

    version: int
    language: str
    edition: str
    code: str
    facts: Facts
    pdf_sha256: str


@dataclass(frozen=True)
class KeptSheet:
    """A sheet as it can be set again."""

    row: SheetRow
    facts: Facts


@dataclass(frozen=True)
class Claim:
    """What somebody says of a sheet: what he reads on it, or the digest of the file he got."""

    code: str
    nip: str = ""
    predicate: str = ""
    pdf_sha256: str = ""


def new_code() -> str:
    """A code of 80 random bits, in groups for the eye."""
    letters = "".join(choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[n : n + GROUP] for n in range(0, CODE_LENGTH, GROUP))


def code_hash(code: str) -> str:
    """What is stored of a code, however it is written."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(plain.encode("utf-8", "replace")).hexdigest()


def record_sheet(
    desk: Desk, actor: Actor, *, instance_id: str, sheet: NewSheet, now: datetime
) -> str:
    """Keep a sheet that was set; its id. The trail of the case says who made it.

    Raises NotFound, Forbidden, or Conflict when the version was not delivered to the employee.
    """
    with desk.store.transaction(actor.agency_id) as tx:
        loaded = instances.load(tx, InstanceId(instance_id))
        row = loaded.row
        demand(actor, Verb.READ_CASE, case_access(tx, row))
        if sheet.version not in _delivered(tx, instance_id):
            raise Conflict(f"version {sheet.version} of {instance_id} was not delivered")
        kept = SheetRow(
            id=new_id(),
            instance_id=row.id,
            version=sheet.version,
            language=sheet.language,
            edition=sheet.edition,
            code_hash=code_hash(sheet.code),
            facts_sealed=seal(loaded.key, json.dumps(sheet.facts, ensure_ascii=False).encode()),
            pdf_sha256=sheet.pdf_sha256,
            made_by=actor.employee_id,
            made_at=now,
        )
        if not result_sheets.add(tx, kept):
            language, edition = sheet.language, sheet.edition
            there = result_sheets.like(tx, row.id, sheet.version, language=language, set_in=edition)
            return there.id if there else kept.id
        scribe = Scribe(row.id, row.definition_id, now, actor.employee_id)
        event = scribe.event(
            Action.SHEET_MADE, sheet=kept.id, version=kept.version, digest=kept.pdf_sha256,
            record_sha256=result_sheets.record_sha256(kept),
        )  # fmt: skip
        instances.save_head(tx, row.chain, audit.append(tx, row.chain, [event]))
        return kept.id


def kept_sheet(desk: Desk, actor: Actor, *, sheet_id: str) -> KeptSheet:
    """A sheet for who may read its case. Raises NotFound, or Erased when its texts were erased."""
    with desk.store.reading(actor.agency_id) as tx:
        row = result_sheets.find(tx, sheet_id)
        if row is None:
            raise NotFound("sheet", sheet_id)
        case = instances.get(tx, InstanceId(row.instance_id))
        demand(actor, Verb.READ_CASE, case_access(tx, case))
        return KeptSheet(row, _facts(tx, row))


def sheets_of_case(desk: Desk, actor: Actor, *, instance_id: str) -> tuple[SheetRow, ...]:
    """The sheets of a case, the oldest first. Raises NotFound or Forbidden."""
    with desk.store.reading(actor.agency_id) as tx:
        case = instances.get(tx, InstanceId(instance_id))
        demand(actor, Verb.READ_CASE, case_access(tx, case))
        return result_sheets.of_instance(tx, case.id)


def is_genuine(desk: Desk, claim: Claim, *, address: str, now: datetime) -> bool:
    """Whether a sheet with this code says this, and still holds. Raises TooManyAttempts.

    Nothing else is ever told: neither whether the code exists nor what does not fit.
    """
    digest = code_hash(claim.code)
    everything, pair = _key("verify", address), _key("verify", digest, address)
    with desk.store.transaction(ANY_AGENCY) as tx:
        count_try(tx, {everything: ADDRESS, pair: PAIR}, now=now)
    with desk.store.reading(ANY_AGENCY) as tx:
        agency = result_sheets.agency_of(tx, digest)
    with desk.store.reading(agency or ANY_AGENCY) as tx:
        row = result_sheets.by_code(tx, digest) if agency else None
        fits = row is not None and _fits(tx, row, claim)
    if fits:
        with desk.store.transaction(ANY_AGENCY) as tx:
            clear_tries(tx, (pair,), shared=everything, now=now)
    return fits


def _key(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _fits(tx: Transaction, row: SheetRow, claim: Claim) -> bool:
    """A version that was replaced holds no longer; erased texts fit nothing."""
    if row.version != max(_delivered(tx, row.instance_id), default=0):
        return False
    if claim.pdf_sha256:
        return compare_digest(claim.pdf_sha256.encode(), row.pdf_sha256.encode())
    key = get_key(tx, instances.get(tx, InstanceId(row.instance_id)).sealing_key_id)
    if key.key is None:
        return False
    said = json.loads(open_sealed(key, row.facts_sealed))
    typed = "".join(letter for letter in claim.nip if letter.isalnum())
    both = f"{typed}|{claim.predicate}".encode()
    return compare_digest(both, f"{said['nip']}|{said['predicate_code']}".encode())


def _facts(tx: Transaction, row: SheetRow) -> Facts:
    key = get_key(tx, instances.get(tx, InstanceId(row.instance_id)).sealing_key_id)
    said: Facts = json.loads(open_sealed(key, row.facts_sealed))
    return said


def _delivered(tx: Transaction, instance_id: str) -> list[int]:
    return [row.version for row in results.of_instance(tx, instance_id) if row.delivered_at]
