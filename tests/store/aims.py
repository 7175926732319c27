"""What the functions of the store are aimed at where the usual values would say nothing."""

from dataclasses import replace
from datetime import timedelta

from engine.domain.people import UnitId
from engine.store import daily_logs, people
from engine.store.states import InstanceStatus
from tests.store.builders import END, NOW, START, Ids, closed_follow_up, item
from tests.store.cycle_builders import log_entry, survey


def moving(ids: Ids) -> dict[str, object]:
    """What to aim at in transfers, sheets, follow-ups and logs."""
    return {
        "unmasking_id": ids.unmasking,
        "follow_up_id": ids.fol,
        "row": closed_follow_up(ids),
        "operator_id": ids.head,
        "preparer_id": ids.preparer,
        "rater_id": ids.subject,
        "batch_id": ids.batch,
        "counter_hash": ids.counter,
        "entry_id": ids.entry,
        "entry_ids": [ids.entry],
        "changed": replace(log_entry(ids), minutes=5),
        "log": daily_logs.LogRow(ids.cycle, ids.subject, UnitId(ids.unit)),
        "raters": [ids.head],
        "kinds": ["request"],
        "verified": "verified",
        "survey": replace(survey(ids), ends=START),
        "survey_id": ids.survey,
        "survey_ids": [ids.survey],
        "unit_ids": [ids.unit],
        "fact_ids": [ids.fact],
        "employee": people.EmployeeRow(ids.subject, "1", "forged", "pns"),
        "item": item(ids, "i2"),
        "sheet_id": ids.sheet,
        "transfer_id": ids.transfer,
    }


OVERRIDES = {
    "beside.without": {"process_id": "note"},
    "measured_facts.of_units": {"kind": "complaints", "since": START, "until": END},
    "measured_facts.of_employees": {"kind": "complaints", "since": START, "until": END},
    "daily_logs.unlocked": {"through": END},
    "daily_logs.lock_months": {"through": END},
    "log_entries.between": {"first": START, "last": END},
    "log_entries.tally": {"first": START, "last": END},
    "log_entries.waiting": {"state": "verified"},
    "log_entries.late_answers": {"since": NOW - timedelta(days=1), "now": NOW},
    "follow_ups.due_between": {"last_day": END},
    "follow_ups.held_by": {"employee_id": "a-head"},
    "handovers.rated_by": {"employee_id": "a-head"},
    "handovers.duties_of": {"employee_id": "a-head"},
    "sheet_uploads.get": {"employee_id": "a-head"},
    "sheet_uploads.of_person": {"employee_id": "a-head"},
    "case_records.of_person_since": {"since": "2020-01-01"},
    "credentials.find": {"employee_id": "a-head"},
    "credentials.use_step": {"employee_id": "a-head"},
    "one_time_codes.find": {"employee_id": "a-head"},
    "results.rated_figures": {"without": "another case"},
    "sealing.find_key": {"period": "a-cycle"},
    "sessions.of_employee": {"employee_id": "a-head", "now": NOW},
    "instances.save_step": {"status": InstanceStatus.CANCELLED},
    "messages.replace": {"known": None},
    "staffing.superiors": {"position_id": "a-below"},
    "timers.replace": {"known": None},
}
