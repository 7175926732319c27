"""Everything that an actor can ask for, and which duties allow it."""

from enum import StrEnum

from engine.domain.people import UnitFunction


class Verb(StrEnum):
    """Everything an actor can ask for."""

    COMPLETE_WORK = "complete_work"
    READ_WORK = "read_work"
    PREPARE_WORK = "prepare_work"
    PREPARE_FACTS = "prepare_facts"
    KEY_IN_WORK = "key_in_work"
    CLAIM_WORK = "claim_work"
    RELEASE_WORK = "release_work"
    DELEGATE_WORK = "delegate_work"
    RETURN_WORK = "return_work"
    RECALL_WORK = "recall_work"
    REASSIGN_WORK = "reassign_work"
    REMIND_WORK = "remind_work"
    TAKE_OVER_WORK = "take_over_work"
    READ_CASE = "read_case"
    READ_TRAIL = "read_trail"
    READ_EVIDENCE = "read_evidence"
    WRITE_COMMENT = "write_comment"
    WITHDRAW_APPEAL = "withdraw_appeal"
    END_SHOWING = "end_showing"
    KEEP_LOG = "keep_log"
    READ_LOG = "read_log"
    VERIFY_LOG = "verify_log"
    ASK_IDENTITY = "ask_identity"
    GRANT_IDENTITY = "grant_identity"
    READ_IDENTITIES = "read_identities"
    SEARCH_CASES = "search_cases"
    READ_DEFINITION = "read_definition"
    SET_ACHIEVEMENT = "set_achievement"
    OPEN_CYCLE = "open_cycle"
    START_APPRAISAL = "start_appraisal"
    OPEN_BESIDE = "open_beside"
    IMPORT_PEOPLE = "import_people"
    MANAGE_ORGANISATION = "manage_organisation"
    READ_ORGANISATION = "read_organisation"
    GRANT_DUTY = "grant_duty"
    ISSUE_CODE = "issue_code"
    TAKE_AWAY_FACTORS = "take_away_factors"
    IMPORT_PLAN = "import_plan"
    IMPORT_FIGURES = "import_figures"
    TRANSFER_PEOPLE = "transfer_people"
    DEPLOY_SYSTEM = "deploy_system"
    RETRY_INCIDENT = "retry_incident"
    EXTEND_DEADLINE = "extend_deadline"
    LAUNCH_CYCLE = "launch_cycle"
    CLOSE_CYCLE = "close_cycle"
    EXPORT_RESULTS = "export_results"
    READ_OVERVIEW = "read_overview"
    READ_FAIRNESS = "read_fairness"
    READ_DELIVERIES = "read_deliveries"
    MANAGE_SURVEY = "manage_survey"
    READ_SURVEY = "read_survey"
    READ_FOLLOW_UP = "read_follow_up"
    WORK_ON_FOLLOW_UP = "work_on_follow_up"
    MANAGE_FOLLOW_UP = "manage_follow_up"
    EXPORT_FOLLOW_UPS = "export_follow_ups"
    MANAGE_RECAP = "manage_recap"


DUTIES: dict[Verb, frozenset[UnitFunction]] = {
    Verb.ASK_IDENTITY: frozenset({UnitFunction.TEAM}),
    Verb.GRANT_IDENTITY: frozenset({UnitFunction.INSPECTORATE}),
    Verb.READ_IDENTITIES: frozenset({UnitFunction.TEAM, UnitFunction.INSPECTORATE}),
    Verb.SEARCH_CASES: frozenset({UnitFunction.HR, UnitFunction.AUDITOR}),
    Verb.READ_DEFINITION: frozenset(
        {UnitFunction.HR, UnitFunction.AUDITOR, UnitFunction.ADMINISTRATOR}
    ),
    Verb.SET_ACHIEVEMENT: frozenset({UnitFunction.HR}),
    Verb.OPEN_CYCLE: frozenset({UnitFunction.HR}),
    Verb.START_APPRAISAL: frozenset({UnitFunction.HR}),
    Verb.IMPORT_PEOPLE: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.MANAGE_ORGANISATION: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.READ_ORGANISATION: frozenset(
        {UnitFunction.HR, UnitFunction.ADMINISTRATOR, UnitFunction.OPERATOR}
    ),
    Verb.GRANT_DUTY: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.ISSUE_CODE: frozenset(
        {UnitFunction.HR, UnitFunction.ADMINISTRATOR, UnitFunction.OPERATOR}
    ),
    Verb.TAKE_AWAY_FACTORS: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.IMPORT_PLAN: frozenset({UnitFunction.HR}),
    Verb.IMPORT_FIGURES: frozenset({UnitFunction.HR}),
    Verb.TRANSFER_PEOPLE: frozenset({UnitFunction.HR}),
    Verb.DEPLOY_SYSTEM: frozenset({UnitFunction.HR}),
    Verb.RETRY_INCIDENT: frozenset({UnitFunction.HR, UnitFunction.ADMINISTRATOR}),
    Verb.EXTEND_DEADLINE: frozenset({UnitFunction.HR}),
    Verb.REASSIGN_WORK: frozenset({UnitFunction.HR}),
    Verb.REMIND_WORK: frozenset({UnitFunction.HR, UnitFunction.OPERATOR}),
    Verb.KEY_IN_WORK: frozenset({UnitFunction.OPERATOR}),
    Verb.LAUNCH_CYCLE: frozenset({UnitFunction.HR}),
    Verb.CLOSE_CYCLE: frozenset({UnitFunction.HR}),
    Verb.EXPORT_RESULTS: frozenset({UnitFunction.HR, UnitFunction.AUDITOR}),
    Verb.READ_OVERVIEW: frozenset({UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR}),
    Verb.READ_FAIRNESS: frozenset({UnitFunction.HR, UnitFunction.TEAM, UnitFunction.AUDITOR}),
    Verb.READ_DELIVERIES: frozenset({UnitFunction.ADMINISTRATOR}),
    Verb.MANAGE_SURVEY: frozenset({UnitFunction.HR, UnitFunction.OPERATOR}),
    Verb.READ_SURVEY: frozenset(
        {UnitFunction.HR, UnitFunction.OPERATOR, UnitFunction.TEAM, UnitFunction.AUDITOR}
    ),
    Verb.READ_FOLLOW_UP: frozenset({UnitFunction.HR}),
    Verb.WORK_ON_FOLLOW_UP: frozenset({UnitFunction.HR}),
    Verb.MANAGE_FOLLOW_UP: frozenset({UnitFunction.HR}),
    Verb.EXPORT_FOLLOW_UPS: frozenset({UnitFunction.HR}),
    Verb.MANAGE_RECAP: frozenset({UnitFunction.HR}),
}
# These reach across units, or give somebody power over others: a duty for one unit is not enough.
AGENCY_WIDE = frozenset(
    {
        Verb.SET_ACHIEVEMENT,
        Verb.OPEN_CYCLE,
        Verb.START_APPRAISAL,
        Verb.IMPORT_PEOPLE,
        Verb.IMPORT_PLAN,
        Verb.IMPORT_FIGURES,
        Verb.MANAGE_ORGANISATION,
        Verb.GRANT_DUTY,
        Verb.TRANSFER_PEOPLE,
        Verb.DEPLOY_SYSTEM,
        Verb.RETRY_INCIDENT,
        Verb.EXTEND_DEADLINE,
        Verb.LAUNCH_CYCLE,
        Verb.CLOSE_CYCLE,
        Verb.EXPORT_RESULTS,
        Verb.READ_FAIRNESS,
        Verb.READ_DELIVERIES,
        Verb.MANAGE_RECAP,
    }
)
