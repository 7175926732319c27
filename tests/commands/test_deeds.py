"""No command that changes something is left out of those that are crashed and checked."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import engine.commands
from tests.commands import (
    account_deeds,
    contests,
    cycle_deeds,
    deeds,
    desk_deeds,
    follow_up_deeds,
    holding,
    holding_deeds,
    identity_deeds,
    log_deeds,
    organisation_deeds,
    people_deeds,
    survey_deeds,
)
from tests.office import ROOT

PREPARING = (
    deeds, account_deeds, contests, cycle_deeds, desk_deeds, follow_up_deeds, holding,
    holding_deeds, identity_deeds, log_deeds, organisation_deeds, people_deeds, survey_deeds,
)  # fmt: skip
# They only look.
READING = {
    "beside_answers.answers_beside",
    "imports.pending_sheets", "remarks.confidential_remarks", "result_sheets.sheets_of_case",
    "case_answers.case_answers", "contacts.check_opt_out", "credentials.pending_secret",
    "imports.read_sheet", "kept_forms.kept_answers", "kept_forms.waiting_item",
    "keying_in.open_paper", "recognised.recognised",
    "kept_forms.writer_of", "organisation_changes.person_named", "prepared_drafts.open_facts",
    "prepared_drafts.prepared_facts", "restoring.present", "result_sheets.kept_sheet",
    "sign_in.find_person", "sign_in.half_session", "sign_in_elsewhere.agency_of_provider",
    "signing.signs_result", "transfers.preview_transfers", "uploads.upload_state",
    "survey_answers.survey_of_counter", "survey_answers.survey_of_link",
    "unmasking.askable_remarks", "unmasking.known_unmaskings", "unmasking.may_ask_identity",
    "work_forms.any_form", "work_forms.open_form", "backups.make_backup",
}  # fmt: skip
# Parts of other commands, which are tried with them.
PARTS = {
    "automatic.run_automatic", "organisation_changes.changing", "permissions.refusals_audited",
    "proofs.prove_password", "proofs.prove_signature", "signing.prove_batch",
    "signing.signing_proof", "sign_in.count_at_door", "sign_in.refuse", "work_changes.work_change",
    "messages.send_message", "reminding.note_seen",
    "repeats.give_key_back", "repeats.reserve_key", "repeats.settle_key",
}  # fmt: skip
# Tried on their own, some through their page or job: what they leave is meant to stay after a
# refusal, or is more than the rows of one agency.
ELSEWHERE = {
    "exports.record_follow_up_export": "tests/web/test_follow_up_pages.py",
    "exports.record_recap_export": "tests/web/test_recap_pages.py",
    "activation.issue_cards": "tests/web/test_sheets.py",
    "citizen_surveys.key_in_paper": "tests/commands/test_citizen_surveys.py",
    "survey_answers.answer_survey": "tests/commands/test_citizen_surveys.py",
    "survey_answers.take_link": "tests/commands/test_citizen_surveys.py",
    "incidents.report_unreadable": "tests/faults/test_poison.py",
    "keying_in.save_paper": "tests/commands/test_papers.py",
    "log_rounds.assign_logs": "tests/commands/test_daily_log.py",
    "log_rounds.tell_late_answers": "tests/commands/test_log_notes.py",
    "messages.take_kept_message": "tests/jobs/test_kept_messages.py",
    "people.found_agency": "tests/commands/test_people.py",
    "prepared_drafts.attach_fact": "tests/commands/test_prepared_drafts.py",
    "prepared_drafts.hand_over_facts": "tests/commands/test_prepared_drafts.py",
    "prepared_drafts.save_facts": "tests/commands/test_prepared_drafts.py",
    "prepared_drafts.take_facts": "tests/commands/test_prepared_drafts.py",
    "preparers.allow_preparer": "tests/commands/test_prepared_drafts.py",
    "preparers.end_preparer": "tests/commands/test_prepared_drafts.py",
    "restoring.restore_backup": "tests/faults/test_backup.py",
    "result_sheets.is_genuine": "tests/workflows/test_case_files.py",
    "sessions.change_language": "tests/web/test_sign_in_pages.py",
    "sessions.close_other_sessions": "tests/commands/test_sign_in.py",
    "sessions.close_own_session": "tests/commands/test_sign_in.py",
    "sessions.close_session": "tests/web/test_sign_in_pages.py",
    "sessions.open_session": "tests/machines.py",
    "sessions.see_session": "tests/commands/test_sign_in.py",
    "sign_in.confirm_code": "tests/commands/test_sign_in.py",
    "sign_in.sign_in": "tests/commands/test_sign_in.py",
    "sign_in.welcome": "tests/commands/test_sign_in.py",
    "sign_in_elsewhere.refuse_return": "tests/faults/test_sign_in_provider.py",
    "sign_in_elsewhere.sign_in_with_nip": "tests/faults/test_sign_in_provider.py",
    "sign_in_elsewhere.use_return": "tests/faults/test_sign_in_provider.py",
    "systems.deploy_system": "tests/commands/test_systems.py",
    "team_ratings.complete_rows": "tests/web/test_team_ratings.py",
}


def commands() -> Iterator[tuple[str, object]]:
    """Every public function of the commands that is given a desk and opens transactions itself."""
    for module in iter_modules(engine.commands.__path__):
        loaded = import_module(f"engine.commands.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            parameters = [*inspect.signature(function).parameters]
            if own and parameters[:1] == ["desk"] and "tx" not in parameters:
                yield f"{module.name}.{name}", function


def prepared() -> set[str]:
    """The commands that a deed is made of."""
    used = [value for module in PREPARING for value in vars(module).values()]
    return {name for name, function in commands() if function in used}


def test_every_command_is_crashed_or_named_with_where_it_is_tried() -> None:
    every = {name for name, _ in commands()}

    assert every - prepared() - READING - PARTS - set(ELSEWHERE) == set()
    assert (READING | PARTS | set(ELSEWHERE)) - every == set()
    assert set(ELSEWHERE) & prepared() == set()


def test_what_is_tried_elsewhere_stands_there() -> None:
    assert {file for file in ELSEWHERE.values() if not (ROOT / file).exists()} == set()
