"""The rating patterns of one case, for those who may read them; the employee from delivery on."""

import json
from collections.abc import Mapping

from sqlalchemy import bindparam, select

from engine.domain.access import CaseAccess
from engine.domain.fairness_settings import Fairness
from engine.domain.people import Actor
from engine.domain.visibility import Told, may_read_patterns
from engine.store import rows
from engine.store import tables as t
from engine.store.database import Transaction

_decision = t.decision
_LAST = (
    select(_decision.c.body, _decision.c.at)
    .where(
        rows.own(_decision),
        _decision.c.instance_id == bindparam("instance_id"),
        _decision.c.element_id == bindparam("element_id"),
    )
    .order_by(_decision.c.at.desc(), _decision.c.id.desc())
    .limit(1)
)


def case_patterns(
    tx: Transaction,
    actor: Actor,
    access: CaseAccess,
    *,
    instance_id: str,
    told: Told,
    fairness: Fairness,
) -> tuple[Mapping[str, str], ...]:
    """What was found last, in words by language; nothing in a system that looks for none."""
    if not fairness.flags:
        return ()
    values = {"own_agency": tx.agency_id, "instance_id": instance_id, "element_id": fairness.flags}
    found = tx.connection.execute(_LAST, values).one_or_none()
    if found is None or not may_read_patterns(actor, access, found.at, told):
        return ()
    flags = json.loads(found.body).get("outputs", {}).get("flag", ())
    return tuple(fairness.words.get(flag, {"id": flag, "en": flag}) for flag in flags)
