"""The rating patterns of one case, for those who may read them; the employee from delivery on."""

import json
from collections.abc import Mapping

from sqlalchemy import bindparam, select

from engine.domain.fairness_settings import Fairness
from engine.domain.people import Actor
from engine.domain.visibility import Told, may_read_patterns
from engine.queries.case_views import CaseHead
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
    tx: Transaction, actor: Actor, head: CaseHead, told: Told, fairness: Fairness
) -> tuple[Mapping[str, str], ...]:
    """What was found last, in words by language; nothing in a system that looks for none."""
    if not fairness.flags:
        return ()
    whose = {"instance_id": head.instance_id, "element_id": fairness.flags}
    found = tx.connection.execute(_LAST, {"own_agency": tx.agency_id, **whose}).one_or_none()
    if found is None or not may_read_patterns(actor, head.access, found.at, told):
        return ()
    flags = json.loads(found.body).get("outputs", {}).get("flag", ())
    return tuple(fairness.words.get(flag, {"id": flag, "en": flag}) for flag in flags)
