"""The closed list of what the audit trail records: subject and past tense."""

from enum import StrEnum


class Action(StrEnum):
    """One action has one sentence on the page of a trail."""

    AGENCY_CREATED = "agency.created"
    AGENCY_CHANGED = "agency.changed"
    UNIT_ADDED = "unit.added"
    UNIT_CHANGED = "unit.changed"
    UNIT_CLOSED = "unit.closed"
    UNIT_SYSTEM_ASSIGNED = "unit.system_assigned"
    IDENTITY_ASKED = "identity.asked"
    IDENTITY_UNMASKED = "identity.unmasked"
    IDENTITY_KEPT = "identity.kept"
    IDENTITY_READ = "identity.read"
    POSITION_ADDED = "position.added"
    POSITION_CHANGED = "position.changed"
    POST_GIVEN = "post.given"
    POST_ENDED = "post.ended"
    PEOPLE_IMPORTED = "people.imported"
    DUTY_PROPOSED = "duty.proposed"
    DUTY_REJECTED = "duty.rejected"
    DUTY_GRANTED = "duty.granted"
    DUTY_ENDED = "duty.ended"
    SUBSTITUTION_RECORDED = "substitution.recorded"
    SUBSTITUTION_ENDED = "substitution.ended"
    PLAN_IMPORTED = "plan.imported"
    PLAN_AGREED = "plan.agreed"
    FIGURES_IMPORTED = "figures.imported"
    MAPPING_SAVED = "mapping.saved"
    TRANSFER_PLANNED = "transfer.planned"
    TRANSFER_DISCARDED = "transfer.discarded"
    TRANSFER_CONFIRMED = "transfer.confirmed"
    TRANSFER_RECORDED = "transfer.recorded"
    TRANSFER_REFUSED = "transfer.refused"
    ACHIEVEMENT_SET = "achievement.set"

    SESSION_OPENED = "session.opened"
    SESSION_CLOSED = "session.closed"
    SESSION_REFUSED = "session.refused"
    CODE_ISSUED = "code.issued"
    CODE_USED = "code.used"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 (the name of an event)
    PIN_SET = "pin.set"
    APP_SET = "app.set"
    APP_REMOVED = "app.removed"
    CONTACT_SET = "contact.set"
    CONTACT_VERIFIED = "contact.verified"
    CONTACT_REMOVED = "contact.removed"
    CONTACT_OPTED_OUT = "contact.opted_out"
    ACCESS_VIEWED = "access.viewed"
    ACCESS_REFUSED = "access.refused"
    EXPORT_CREATED = "export.created"
    RECAP_FROZEN = "recap.frozen"
    RECAP_COMPARED = "recap.compared"

    DEFINITION_DEPLOYED = "definition.deployed"
    DEFINITION_RETIRED = "definition.retired"
    SURVEY_OPENED = "survey.opened"
    SURVEY_CLOSED = "survey.closed"
    SURVEY_LINKS_MADE = "survey.links_made"
    SURVEY_COUNTER_SET = "survey.counter_set"
    CYCLE_OPENED = "cycle.opened"
    CYCLE_CLOSED = "cycle.closed"
    CYCLE_REOPENED = "cycle.reopened"
    POPULATION_SET = "population.set"
    PERSON_EXCLUDED = "person.excluded"
    PERSON_INCLUDED = "person.included"
    RATER_NAMED = "rater.named"
    CONFLICT_DECLARED = "conflict.declared"
    LAUNCH_REQUESTED = "launch.requested"
    LAUNCH_STOPPED = "launch.stopped"
    LAUNCH_CONTINUED = "launch.continued"
    LAUNCH_FINISHED = "launch.finished"
    EXTENSION_REQUESTED = "extension.requested"
    INSTANCE_STARTED = "instance.started"
    INSTANCE_COMPLETED = "instance.completed"
    INSTANCE_CANCELLED = "instance.cancelled"
    CASE_HANDED_OVER = "case.handed_over"
    INSTANCE_MIGRATED = "instance.migrated"

    WORK_OPENED = "work.opened"
    WORK_COMPLETED = "work.completed"
    WORK_WITHDRAWN = "work.withdrawn"
    WORK_REFUSED = "work.refused"
    WORK_REMINDED = "work.reminded"
    WORK_ESCALATED = "work.escalated"
    WORK_REASSIGNED = "work.reassigned"
    WORK_CLAIMED = "work.claimed"
    WORK_RELEASED = "work.released"
    WORK_DELEGATED = "work.delegated"
    WORK_RETURNED = "work.returned"
    WORK_RECALLED = "work.recalled"
    DRAFT_SAVED = "draft.saved"
    DRAFT_PREPARED = "draft.prepared"
    DRAFT_TAKEN = "draft.taken"
    PREPARER_ALLOWED = "preparer.allowed"
    PREPARER_ENDED = "preparer.ended"
    TAKEOVER_OFFERED = "takeover.offered"
    TAKEOVER_MADE = "takeover.made"
    RATING_HANDED_UP = "rating.handed_up"
    DEADLINE_EXTENDED = "deadline.extended"
    DEADLINE_MISSED = "deadline.missed"

    DECISION_EVALUATED = "decision.evaluated"
    GATEWAY_TAKEN = "gateway.taken"
    OPERATION_DONE = "operation.done"
    EFFECT_DONE = "effect.done"
    TIMER_FIRED = "timer.fired"
    MESSAGE_SENT = "message.sent"
    MESSAGE_RECEIVED = "message.received"
    PROCESS_ENDED = "process.ended"

    SCORE_COMPUTED = "score.computed"
    RATING_SUGGESTED = "rating.suggested"
    RATING_DECIDED = "rating.decided"
    RATING_OVERRIDDEN = "rating.overridden"
    BIAS_FLAGGED = "bias.flagged"
    DISCUSSION_CONFIRMED = "discussion.confirmed"
    EXPLANATION_REQUESTED = "explanation.requested"
    EXPLANATION_ANSWERED = "explanation.answered"
    EXPLANATION_LAPSED = "explanation.lapsed"
    RESULT_VERSIONED = "result.versioned"
    RESULT_DELIVERED = "result.delivered"
    RESULT_FINALISED = "result.finalised"
    SHEET_MADE = "sheet.made"
    SIGNATURE_GIVEN = "signature.given"
    SIGNATURE_REFUSED = "signature.refused"
    APPEAL_FILED = "appeal.filed"
    APPEAL_WITHDRAWN = "appeal.withdrawn"
    APPEAL_DECIDED = "appeal.decided"
    APPEAL_LAPSED = "appeal.lapsed"
    RECORD_KEPT = "record.kept"
    FOLLOW_UP_CREATED = "follow_up.created"
    FOLLOW_UP_ASSIGNED = "follow_up.assigned"
    FOLLOW_UP_NOTED = "follow_up.noted"
    FOLLOW_UP_COMPLETED = "follow_up.completed"
    FOLLOW_UP_CANCELLED = "follow_up.cancelled"

    LOG_ENTERED = "log.entered"
    LOG_CORRECTED = "log.corrected"
    LOG_VERIFIED = "log.verified"
    LOG_RETURNED = "log.returned"
    LOG_COMMENTED = "log.commented"
    LOG_MONTH_LOCKED = "log.month_locked"
    DIRECTION_GIVEN = "direction.given"
    COMMENT_REQUESTED = "comment.requested"
    COMMENT_WRITTEN = "comment.written"
    SHOWING_ENDED = "showing.ended"
    FILE_ADDED = "file.added"
    FILE_VIEWED = "file.viewed"
    KEY_CREATED = "key.created"
    KEY_DESTROYED = "key.destroyed"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_RETRIED = "incident.retried"
    INCIDENT_RESOLVED = "incident.resolved"
    BACKUP_RESTORED = "backup.restored"


# What people did in a case, without what the system did in consequence and who looked on.
DEEDS = frozenset(
    {
        Action.INSTANCE_STARTED,
        Action.INSTANCE_COMPLETED,
        Action.INSTANCE_CANCELLED,
        Action.WORK_COMPLETED,
        Action.WORK_ESCALATED,
        Action.WORK_REASSIGNED,
        Action.DRAFT_PREPARED,
        Action.DRAFT_TAKEN,
        Action.TAKEOVER_OFFERED,
        Action.TAKEOVER_MADE,
        Action.RATING_HANDED_UP,
        Action.DEADLINE_EXTENDED,
        Action.DEADLINE_MISSED,
        Action.RATING_DECIDED,
        Action.RATING_OVERRIDDEN,
        Action.DISCUSSION_CONFIRMED,
        Action.EXPLANATION_REQUESTED,
        Action.EXPLANATION_ANSWERED,
        Action.EXPLANATION_LAPSED,
        Action.RESULT_DELIVERED,
        Action.RESULT_FINALISED,
        Action.SIGNATURE_GIVEN,
        Action.APPEAL_FILED,
        Action.APPEAL_WITHDRAWN,
        Action.APPEAL_DECIDED,
        Action.APPEAL_LAPSED,
        Action.FOLLOW_UP_CREATED,
        Action.FOLLOW_UP_ASSIGNED,
        Action.FOLLOW_UP_NOTED,
        Action.FOLLOW_UP_COMPLETED,
        Action.FOLLOW_UP_CANCELLED,
        Action.FILE_ADDED,
        Action.COMMENT_WRITTEN,
        Action.SHOWING_ENDED,
        Action.INCIDENT_OPENED,
        Action.INCIDENT_RESOLVED,
    }
)
