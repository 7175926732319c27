"""The sentence of each audit event, for one reader."""

from collections.abc import Mapping

from api.i18n import N_
from api.web.account_trail_words import ACCOUNT_DEEDS
from api.web.cycle_trail_words import CYCLE_DEEDS
from api.web.log_words import LOG_DEEDS
from api.web.phrasing import Phrasing
from api.web.survey_words import SURVEY_DEEDS
from engine.domain.actions import Action
from engine.queries.trail_views import TrailRow

# The name of the kind for the filter, and the sentence; %(who)s and %(step)s are always given.
WORDS: Mapping[Action, tuple[str, str]] = {
    Action.AGENCY_CREATED: (N_("Agency set up"), N_("%(who)s set up the agency.")),
    Action.AGENCY_CHANGED: (
        N_("Agency changed"),
        N_("%(who)s changed the name or the zone of the agency."),
    ),
    Action.UNIT_ADDED: (N_("Unit added"), N_("%(who)s added a unit.")),
    Action.UNIT_CHANGED: (N_("Unit changed"), N_("%(who)s changed a unit.")),
    Action.UNIT_CLOSED: (N_("Unit closed"), N_("%(who)s closed a unit.")),
    Action.IDENTITY_ASKED: (
        N_("Identity asked for"),
        N_("%(who)s asked who had written something in confidence."),
    ),
    Action.IDENTITY_UNMASKED: (
        N_("Identity opened"),
        N_("%(who)s agreed that two people learn who had written something in confidence."),
    ),
    Action.IDENTITY_KEPT: (
        N_("Identity kept"),
        N_("%(who)s refused to open who had written something in confidence."),
    ),
    Action.IDENTITY_READ: (
        N_("Identity read"),
        N_("%(who)s read who had written something in confidence."),
    ),
    Action.UNIT_SYSTEM_ASSIGNED: (
        N_("Appraisal system assigned"),
        N_("%(who)s set by which system a unit is appraised."),
    ),
    Action.POSITION_ADDED: (N_("Position added"), N_("%(who)s added a position.")),
    Action.POSITION_CHANGED: (N_("Position changed"), N_("%(who)s changed a position.")),
    Action.POST_GIVEN: (N_("Post given"), N_("%(who)s gave a post.")),
    Action.POST_ENDED: (N_("Post ended"), N_("%(who)s ended a post.")),
    Action.PEOPLE_IMPORTED: (N_("People imported"), N_("%(who)s imported people.")),
    Action.DUTY_PROPOSED: (N_("Duty proposed"), N_("%(who)s proposed a duty.")),
    Action.DUTY_REJECTED: (N_("Duty rejected"), N_("%(who)s rejected a proposed duty.")),
    Action.DUTY_GRANTED: (N_("Duty granted"), N_("%(who)s granted a duty.")),
    Action.DUTY_ENDED: (N_("Duty ended"), N_("%(who)s ended a duty.")),
    Action.SUBSTITUTION_RECORDED: (
        N_("Substitution recorded"),
        N_("%(who)s recorded a substitution."),
    ),
    Action.SUBSTITUTION_ENDED: (N_("Substitution ended"), N_("%(who)s ended a substitution.")),
    Action.PLAN_IMPORTED: (
        N_("Plan imported"),
        N_("%(who)s imported the performance plan (SKP)."),
    ),
    Action.FIGURES_IMPORTED: (
        N_("Figures imported"),
        N_("%(who)s brought in figures of complaints, attendance or training."),
    ),
    Action.PLAN_AGREED: (
        N_("Plan agreed"),
        N_("The signed performance plan (SKP) holds for this period."),
    ),
    Action.ACHIEVEMENT_SET: (
        N_("Achievement of the organisation set"),
        N_("%(who)s set the achievement of the organisation."),
    ),
    Action.MAPPING_SAVED: (
        N_("Columns matched"),
        N_("%(who)s saved which columns of a sheet mean what."),
    ),
    Action.TRANSFER_PLANNED: (N_("Transfers planned"), N_("%(who)s planned transfers.")),
    Action.TRANSFER_DISCARDED: (N_("Transfers dropped"), N_("%(who)s dropped planned transfers.")),
    Action.TRANSFER_CONFIRMED: (N_("Transfers confirmed"), N_("%(who)s confirmed transfers.")),
    Action.TRANSFER_RECORDED: (
        N_("Transfer recorded"),
        N_("A transfer was carried out; what the person held went to others."),
    ),
    Action.TRANSFER_REFUSED: (N_("Transfer refused"), N_("A transfer could not be carried out.")),
    Action.CASE_HANDED_OVER: (
        N_("File handed over"),
        N_("Somebody changed his post or left, so others stand above this file now."),
    ),
    **ACCOUNT_DEEDS,
    Action.ACCESS_VIEWED: (N_("File viewed"), N_("%(who)s looked into this file.")),
    Action.ACCESS_REFUSED: (N_("Access refused"), N_("%(who)s was refused access.")),
    Action.EXPORT_CREATED: (N_("Export made"), N_("%(who)s made an export.")),
    Action.RECAP_FROZEN: (
        N_("Monthly recap frozen"),
        N_("%(who)s froze the recap of a month."),
    ),
    Action.RECAP_COMPARED: (
        N_("Recap compared"),
        N_("%(who)s compared the recap of another application with this period."),
    ),
    Action.DEFINITION_DEPLOYED: (
        N_("Version published"),
        N_("%(who)s published a version of diagram, rules and forms."),
    ),
    Action.DEFINITION_RETIRED: (N_("Version retired"), N_("%(who)s retired a version.")),
    **SURVEY_DEEDS,
    **LOG_DEEDS,
    **CYCLE_DEEDS,
    Action.INSTANCE_STARTED: (N_("Appraisal started"), N_("%(who)s started the appraisal.")),
    Action.INSTANCE_COMPLETED: (N_("Appraisal finished"), N_("The appraisal is finished.")),
    Action.INSTANCE_CANCELLED: (N_("Appraisal cancelled"), N_("%(who)s cancelled the appraisal.")),
    Action.INSTANCE_MIGRATED: (
        N_("Moved to another version"),
        N_("%(who)s moved the file to another version."),
    ),
    Action.WORK_OPENED: (N_("Task opened"), N_("The task %(step)s was opened.")),
    Action.WORK_COMPLETED: (N_("Task sent"), N_("%(who)s sent %(step)s.")),
    Action.WORK_WITHDRAWN: (
        N_("Task withdrawn"),
        N_("The task %(step)s was withdrawn: it is no longer needed."),
    ),
    Action.WORK_REFUSED: (N_("Task refused"), N_("%(who)s was refused at %(step)s.")),
    Action.WORK_REMINDED: (N_("Reminder"), N_("A reminder of %(step)s was sent.")),
    Action.WORK_ESCALATED: (N_("Passed on"), N_("%(step)s was passed on because it was late.")),
    Action.WORK_REASSIGNED: (N_("Task reassigned"), N_("%(who)s reassigned %(step)s.")),
    Action.WORK_CLAIMED: (N_("Task claimed"), N_("%(who)s claimed %(step)s.")),
    Action.WORK_RELEASED: (N_("Task released"), N_("%(who)s released %(step)s again.")),
    Action.WORK_DELEGATED: (
        N_("Preparation delegated"),
        N_("%(who)s asked somebody to prepare %(step)s."),
    ),
    Action.WORK_RETURNED: (
        N_("Preparation returned"),
        N_("%(who)s returned the preparation of %(step)s."),
    ),
    Action.WORK_RECALLED: (N_("Task recalled"), N_("%(who)s took back %(step)s after sending it.")),
    Action.DRAFT_PREPARED: (
        N_("Draft prepared"),
        N_("%(who)s prepared facts and texts of %(step)s for the rater."),
    ),
    Action.DRAFT_TAKEN: (
        N_("Prepared draft taken over"),
        N_("%(who)s took prepared facts and texts into the own draft of %(step)s."),
    ),
    Action.PREPARER_ALLOWED: (
        N_("Preparing allowed"),
        N_("%(who)s allowed an operator to prepare drafts."),
    ),
    Action.PREPARER_ENDED: (
        N_("Preparing ended"),
        N_("%(who)s ended the permission to prepare drafts."),
    ),
    Action.DRAFT_SAVED: (N_("Draft saved"), N_("%(who)s saved a draft of %(step)s.")),
    Action.TAKEOVER_OFFERED: (
        N_("Takeover offered"),
        N_("%(step)s is late and was offered for taking over."),
    ),
    Action.TAKEOVER_MADE: (N_("Task taken over"), N_("%(who)s took over %(step)s.")),
    Action.RATING_HANDED_UP: (
        N_("Rating handed to the superior"),
        N_("The rating went to the rater's superior."),
    ),
    Action.DEADLINE_EXTENDED: (
        N_("Deadline extended"),
        N_("%(who)s extended the deadline of %(step)s."),
    ),
    Action.DEADLINE_MISSED: (N_("Deadline missed"), N_("The deadline of %(step)s was missed.")),
    Action.DECISION_EVALUATED: (
        N_("Rule table applied"),
        N_("The rule table of %(step)s was applied."),
    ),
    Action.GATEWAY_TAKEN: (N_("Way chosen"), N_("The way on was chosen.")),
    Action.OPERATION_DONE: (N_("Automatic step done"), N_("The automatic step %(step)s was done.")),
    Action.EFFECT_DONE: (N_("Order carried out"), N_("The order of %(step)s was carried out.")),
    Action.TIMER_FIRED: (N_("Time reached"), N_("The time set in %(step)s was reached.")),
    Action.MESSAGE_SENT: (N_("Message sent"), N_("A message was sent from %(step)s.")),
    Action.MESSAGE_RECEIVED: (N_("Message received"), N_("A message arrived at %(step)s.")),
    Action.PROCESS_ENDED: (N_("Part ended"), N_("A part of the diagram ended at %(step)s.")),
    Action.SCORE_COMPUTED: (N_("Score computed"), N_("A score was computed at %(step)s.")),
    Action.RATING_SUGGESTED: (
        N_("Rating suggested"),
        N_("A rating was suggested from the figures; a person decides."),
    ),
    Action.RATING_DECIDED: (N_("Rating decided"), N_("%(who)s decided the rating.")),
    Action.RATING_OVERRIDDEN: (
        N_("Deviation from the suggestion"),
        N_("%(who)s decided otherwise than suggested and gave a reason."),
    ),
    Action.DISCUSSION_CONFIRMED: (
        N_("Discussion confirmed"),
        N_("%(who)s confirmed the performance dialogue."),
    ),
    Action.EXPLANATION_REQUESTED: (
        N_("Explanation asked"),
        N_("%(who)s asked for an explanation of the result."),
    ),
    Action.EXPLANATION_ANSWERED: (
        N_("Explanation given"),
        N_("%(who)s answered the request for an explanation."),
    ),
    Action.EXPLANATION_LAPSED: (
        N_("Explanation lapsed"),
        N_("The request for an explanation lapsed."),
    ),
    Action.RESULT_VERSIONED: (N_("Result stored"), N_("A version of the result was stored.")),
    Action.RESULT_DELIVERED: (N_("Result delivered"), N_("The result was delivered.")),
    Action.RESULT_FINALISED: (N_("Result final"), N_("The result became final.")),
    Action.SHEET_MADE: (N_("Result sheet made"), N_("%(who)s made a result sheet.")),
    Action.SIGNATURE_GIVEN: (N_("Result signed"), N_("%(who)s signed the result.")),
    Action.SIGNATURE_REFUSED: (
        N_("Signature refused"),
        N_("A signature of %(who)s was refused: PIN or code was wrong."),
    ),
    Action.APPEAL_FILED: (N_("Appeal filed"), N_("%(who)s filed an appeal.")),
    Action.APPEAL_WITHDRAWN: (N_("Appeal withdrawn"), N_("%(who)s withdrew the appeal.")),
    Action.APPEAL_DECIDED: (N_("Appeal decided"), N_("%(who)s decided the appeal.")),
    Action.APPEAL_LAPSED: (
        N_("Appeal window over"),
        N_("The time for an appeal is over; the result stands."),
    ),
    Action.BIAS_FLAGGED: (
        N_("Pattern found"),
        N_("A pattern worth talking about was found; it changes no rating"),
    ),
    Action.RECORD_KEPT: (
        N_("Record kept"),
        N_("Figures of this step were kept for the appraisal."),
    ),
    Action.FOLLOW_UP_CREATED: (
        N_("Follow-up recorded"),
        N_("A follow-up of the result was recorded."),
    ),
    Action.FOLLOW_UP_ASSIGNED: (
        N_("Follow-up given to somebody"),
        N_("%(who)s said who sees to a follow-up."),
    ),
    Action.FOLLOW_UP_NOTED: (
        N_("Follow-up: progress written down"),
        N_("%(who)s wrote down the progress of a follow-up."),
    ),
    Action.FOLLOW_UP_COMPLETED: (N_("Follow-up done"), N_("%(who)s completed a follow-up.")),
    Action.FOLLOW_UP_CANCELLED: (
        N_("Follow-up cancelled"),
        N_("%(who)s cancelled a follow-up."),
    ),
    Action.COMMENT_WRITTEN: (N_("Note written"), N_("%(who)s wrote a note on the file.")),
    Action.SHOWING_ENDED: (
        N_("No longer shown to others"),
        N_("%(who)s took back the consent that others see what was recognised."),
    ),
    Action.FILE_ADDED: (N_("Evidence added"), N_("%(who)s added a file as evidence.")),
    Action.FILE_VIEWED: (N_("Evidence opened"), N_("%(who)s opened a file of the evidence.")),
    Action.KEY_CREATED: (N_("Key made"), N_("A key for sealed texts was made.")),
    Action.KEY_DESTROYED: (
        N_("Key destroyed"),
        N_("%(who)s destroyed a key; the texts sealed with it are gone."),
    ),
    Action.INCIDENT_OPENED: (
        N_("File held"),
        N_("An automatic step failed at %(step)s; the file is held."),
    ),
    Action.INCIDENT_RETRIED: (N_("Tried again"), N_("%(who)s had the step tried again.")),
    Action.INCIDENT_RESOLVED: (N_("File released"), N_("The file goes on.")),
    Action.BACKUP_RESTORED: (N_("Backup restored"), N_("%(who)s restored a backup.")),
}
ANSWERED = N_("The diagram asked %(question)s; the answer was %(answer)s.")
UNNAMED = N_("a step without a name")


def sentence(say: Phrasing, row: TrailRow) -> str:
    """What happened, with who did it in which role and for whom."""
    text = WORDS[Action(row.action)][1]
    if row.choice and row.choice.question:
        text = ANSWERED
    return say.words(
        text,
        who=_who(say, row),
        step=f"“{row.element_name or say.words(UNNAMED)}”",
        question=f"“{row.choice.question}”" if row.choice else "",
        answer=f"“{row.choice.answer}”" if row.choice else "",
    )


def kind_names(actions: tuple[str, ...]) -> Mapping[str, str]:
    """The msgid of each kind for the filter."""
    return {action: WORDS[Action(action)][0] for action in actions}


def _who(say: Phrasing, row: TrailRow) -> str:
    _ = say.words
    if row.actor is None:
        # Of who answers in confidence the trail knows the role only.
        return say.title(row.role) if row.role else _("The system")
    role = f" ({say.title(row.role)})" if row.role else ""
    if row.on_behalf_of is None:
        return f"{row.actor.name}{role}"
    behalf = _("on behalf of %(name)s", name=row.on_behalf_of.name)
    return f"{row.actor.name}{role} {behalf}"
