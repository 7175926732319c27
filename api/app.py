"""Puts the application together; no state outlives the object that `create_app` returns."""

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.assets import Assets
from api.compression import Compression
from api.error_answers import answer_errors
from api.health import router as health
from api.house import House
from api.i18n import load_words
from api.metrics import Metrics
from api.observing import Observed
from api.rest import (
    appraisal_resources,
    beside_resources,
    card_resources,
    case_content_resources,
    case_resources,
    cycle_resources,
    cycle_result_resources,
    cycle_work_resources,
    daily_log_resources,
    definition_resources,
    delivery_resources,
    description,
    draft_resources,
    duty_resources,
    evidence_resources,
    figure_resources,
    follow_up_resources,
    holding_resources,
    identity_resources,
    import_resources,
    inbox_resource,
    keying_in_resources,
    launch_resources,
    notice_resources,
    organisation_resources,
    people_resources,
    population_resources,
    recap_resources,
    session_resource,
    sheet_resources,
    survey_resources,
    transfer_resources,
    unit_system_resource,
    work_item_resources,
)
from api.rest.sheet_resources import SheetPress
from api.security import BodyLimit, PlainAddress, SameOrigin, SecurityHeaders
from api.settings import Settings
from api.web import (
    account_pages,
    achievement_pages,
    administration_pages,
    assignment_pages,
    beside_pages,
    card_pages,
    case_pages,
    citizen_pages,
    contact_pages,
    cycle_export_pages,
    cycle_extension_pages,
    cycle_pages,
    cycle_population_pages,
    cycle_work_pages,
    daily_log_pages,
    daily_log_staff_pages,
    diagram_pages,
    draft_pages,
    duty_pages,
    early_pages,
    employee_pages,
    evidence_pages,
    fairness_pages,
    follow_up_pages,
    follow_up_work_pages,
    hr_pages,
    identity_pages,
    import_pages,
    inbox_pages,
    keying_in_pages,
    matrix_pages,
    new_employee_pages,
    note_pages,
    notice_pages,
    oidc_pages,
    organisation_pages,
    organisation_position_pages,
    overview_pages,
    preparing_pages,
    recap_pages,
    recognised_pages,
    reconciliation_pages,
    session_pages,
    sheet_pages,
    sign_in_pages,
    survey_pages,
    survey_paper_pages,
    team_pages,
    transfer_pages,
    webhook_pages,
    work_pages,
    work_tabs,
)
from api.web.rendering import Pages
from api.web.sheet_pages import pdf_of, sheet_for
from engine.commands.desk import Desk

# Routers are asked in turn, so what everybody asks for all day comes first.
OFTEN = (work_item_resources, inbox_pages, work_pages)
PAGES = (
    inbox_pages,
    keying_in_pages,
    daily_log_staff_pages,
    daily_log_pages,
    work_pages,
    session_pages,
    sign_in_pages,
    oidc_pages,
    account_pages,
    contact_pages,
    cycle_export_pages,
    cycle_extension_pages,
    cycle_pages,
    cycle_population_pages,
    cycle_work_pages,
    achievement_pages,
    notice_pages,
    webhook_pages,
    assignment_pages,
    beside_pages,
    early_pages,
    note_pages,
    matrix_pages,
    draft_pages,
    work_tabs,
    team_pages,
    preparing_pages,
    evidence_pages,
    case_pages,
    follow_up_pages,
    follow_up_work_pages,
    diagram_pages,
    sheet_pages,
    hr_pages,
    identity_pages,
    fairness_pages,
    overview_pages,
    reconciliation_pages,
    recap_pages,
    recognised_pages,
    duty_pages,
    card_pages,
    survey_pages,
    survey_paper_pages,
    citizen_pages,
    administration_pages,
    organisation_pages,
    organisation_position_pages,
    # Before the pages of one employee: `new` is no id.
    new_employee_pages,
    employee_pages,
    import_pages,
    transfer_pages,
)
RESOURCES = (
    work_item_resources,
    session_resource,
    inbox_resource,
    keying_in_resources,
    draft_resources,
    evidence_resources,
    holding_resources,
    notice_resources,
    case_resources,
    case_content_resources,
    appraisal_resources,
    identity_resources,
    follow_up_resources,
    beside_resources,
    sheet_resources,
    cycle_resources,
    launch_resources,
    population_resources,
    cycle_work_resources,
    cycle_result_resources,
    people_resources,
    organisation_resources,
    card_resources,
    survey_resources,
    recap_resources,
    daily_log_resources,
    duty_resources,
    figure_resources,
    import_resources,
    transfer_resources,
    unit_system_resource,
    definition_resources,
    delivery_resources,
    description,
)


def utc_now() -> datetime:
    """The wall clock; the only place of the web side that reads it."""
    return datetime.now(UTC)


def create_app(
    desk: Desk, settings: Settings, *, clock: Callable[[], datetime] = utc_now
) -> FastAPI:
    """The whole application over one desk; `clock` gives every request its `now`."""
    app = FastAPI(title="Alur Kinerja", docs_url=None, redoc_url=None, openapi_url=None)
    words = load_words()
    app.state.house = House(desk, settings, words, clock)
    assets = Assets()
    app.state.pages = Pages(words, assets)
    app.state.sheet_press = SheetPress(sheet_for, pdf_of)
    for module in dict.fromkeys((*OFTEN, *PAGES, *RESOURCES)):
        app.include_router(module.router)
    app.mount("/static", assets, name="static")
    app.include_router(health)
    app.state.metrics = Metrics()
    answer_errors(app)
    _guard(app, settings)
    return app


def _guard(app: FastAPI, settings: Settings) -> None:
    """The last added is the outermost."""
    app.add_middleware(BodyLimit, limit=settings.body_limit, upload_limit=settings.upload_limit)
    app.add_middleware(SameOrigin)
    app.add_middleware(PlainAddress)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts))
    app.add_middleware(Compression)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed, metrics=app.state.metrics)
