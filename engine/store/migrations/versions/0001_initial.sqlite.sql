CREATE TABLE agency (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_agency PRIMARY KEY (id)
);

CREATE TABLE audit_chain (
    agency_id TEXT NOT NULL,
    chain_id TEXT NOT NULL,
    head TEXT NOT NULL,
    count BIGINT NOT NULL,
    CONSTRAINT pk_audit_chain PRIMARY KEY (agency_id, chain_id)
);

CREATE TABLE audit_event (
    agency_id TEXT NOT NULL,
    chain_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    at VARCHAR(32) NOT NULL,
    actor_id TEXT NOT NULL,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    format INTEGER NOT NULL,
    CONSTRAINT pk_audit_event PRIMARY KEY (agency_id, chain_id, n)
);

CREATE INDEX ix_audit_event_agency_id_actor_id_at ON audit_event (agency_id, actor_id, at);

CREATE INDEX ix_audit_event_agency_id_at ON audit_event (agency_id, at);

CREATE TABLE audit_pending (
    agency_id TEXT NOT NULL,
    chain_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    CONSTRAINT pk_audit_pending PRIMARY KEY (agency_id, chain_id, n)
) WITHOUT ROWID;

CREATE TABLE command_key (
    agency_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    "key" TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    response TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_command_key PRIMARY KEY (agency_id, actor_id, "key")
);

CREATE INDEX ix_command_key_agency_id_at ON command_key (agency_id, at);

CREATE TABLE definition (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    system TEXT NOT NULL,
    number INTEGER NOT NULL,
    status TEXT NOT NULL,
    deployed_by TEXT NOT NULL,
    deployed_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_definition PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_definition_agency_id_system_number UNIQUE (agency_id, system, number)
);

CREATE TABLE employee (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    nip TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    grade TEXT,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_employee PRIMARY KEY (agency_id, id)
);

CREATE UNIQUE INDEX ix_employee_agency_id_nip ON employee (agency_id, nip);

CREATE TABLE org_unit (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT pk_org_unit PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_org_unit_agency_id_parent_id FOREIGN KEY(agency_id, parent_id) REFERENCES org_unit (agency_id, id)
);

CREATE TABLE outbox (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL,
    dedup_key TEXT NOT NULL,
    due_at VARCHAR(32) NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until VARCHAR(32),
    done_at VARCHAR(32),
    CONSTRAINT pk_outbox PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_outbox_agency_id_dedup_key UNIQUE (agency_id, dedup_key)
);

CREATE INDEX ix_outbox_agency_id_due_at ON outbox (agency_id, due_at) WHERE done_at IS NULL;

CREATE TABLE stored_file (
    agency_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_stored_file PRIMARY KEY (agency_id, sha256)
);

CREATE TABLE cycle (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    system TEXT NOT NULL,
    name TEXT NOT NULL,
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    status TEXT NOT NULL,
    definition_id TEXT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_cycle PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_cycle_agency_id_definition_id FOREIGN KEY(agency_id, definition_id) REFERENCES definition (agency_id, id)
);

CREATE TABLE definition_file (
    agency_id TEXT NOT NULL,
    definition_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    CONSTRAINT pk_definition_file PRIMARY KEY (agency_id, definition_id, name),
    CONSTRAINT fk_definition_file_agency_id_definition_id FOREIGN KEY(agency_id, definition_id) REFERENCES definition (agency_id, id)
);

CREATE TABLE duty (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    function TEXT NOT NULL,
    unit_id TEXT,
    starts DATE NOT NULL,
    ends DATE,
    CONSTRAINT pk_duty PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_duty_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_duty_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE INDEX ix_duty_agency_id_employee_id_starts ON duty (agency_id, employee_id, starts);

CREATE INDEX ix_duty_agency_id_function_unit_id ON duty (agency_id, function, unit_id);

CREATE TABLE position (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    title TEXT NOT NULL,
    superior_position_id TEXT,
    office_code TEXT,
    heads_unit BOOLEAN NOT NULL,
    functional_level TEXT,
    CONSTRAINT pk_position PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_position_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id),
    CONSTRAINT fk_position_agency_id_superior_position_id FOREIGN KEY(agency_id, superior_position_id) REFERENCES position (agency_id, id)
);

CREATE INDEX ix_position_agency_id_office_code ON position (agency_id, office_code) WHERE office_code IS NOT NULL;

CREATE INDEX ix_position_agency_id_superior_position_id ON position (agency_id, superior_position_id);

CREATE INDEX ix_position_agency_id_unit_id ON position (agency_id, unit_id);

CREATE TABLE sealing_key (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    period TEXT NOT NULL,
    "key" BLOB,
    created_at VARCHAR(32) NOT NULL,
    destroyed_at VARCHAR(32),
    CONSTRAINT pk_sealing_key PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_sealing_key_agency_id_employee_id_period UNIQUE (agency_id, employee_id, period),
    CONSTRAINT fk_sealing_key_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE session (
    token_hash TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    csrf TEXT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    expires_at VARCHAR(32) NOT NULL,
    language TEXT NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (token_hash),
    CONSTRAINT fk_session_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_session_agency_id_employee_id ON session (agency_id, employee_id);

CREATE TABLE substitution (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    absent_id TEXT NOT NULL,
    substitute_id TEXT NOT NULL,
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    CONSTRAINT pk_substitution PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_substitution_agency_id_absent_id FOREIGN KEY(agency_id, absent_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_substitution_agency_id_substitute_id FOREIGN KEY(agency_id, substitute_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_substitution_agency_id_absent_id_starts ON substitution (agency_id, absent_id, starts);

CREATE INDEX ix_substitution_agency_id_substitute_id_starts ON substitution (agency_id, substitute_id, starts);

CREATE TABLE assignment (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    position_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    starts DATE NOT NULL,
    ends DATE,
    CONSTRAINT pk_assignment PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_assignment_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_assignment_agency_id_position_id FOREIGN KEY(agency_id, position_id) REFERENCES position (agency_id, id),
    CONSTRAINT fk_assignment_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE INDEX ix_assignment_agency_id_employee_id_starts ON assignment (agency_id, employee_id, starts);

CREATE INDEX ix_assignment_agency_id_position_id_starts ON assignment (agency_id, position_id, starts);

CREATE INDEX ix_assignment_agency_id_unit_id ON assignment (agency_id, unit_id);

CREATE TABLE instance (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    definition_id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    audit_head TEXT NOT NULL,
    audit_count INTEGER NOT NULL,
    sealing_key_id TEXT NOT NULL,
    started_at VARCHAR(32) NOT NULL,
    ended_at VARCHAR(32),
    CONSTRAINT pk_instance PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_instance_status CHECK (status IN ('running', 'completed', 'held', 'cancelled')),
    CONSTRAINT uq_instance_agency_id_cycle_id_subject_id_process_id UNIQUE (agency_id, cycle_id, subject_id, process_id),
    CONSTRAINT fk_instance_agency_id_definition_id FOREIGN KEY(agency_id, definition_id) REFERENCES definition (agency_id, id),
    CONSTRAINT fk_instance_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_instance_agency_id_subject_id FOREIGN KEY(agency_id, subject_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_instance_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id),
    CONSTRAINT fk_instance_agency_id_sealing_key_id FOREIGN KEY(agency_id, sealing_key_id) REFERENCES sealing_key (agency_id, id)
);

CREATE INDEX ix_instance_agency_id_cycle_id_unit_id_status ON instance (agency_id, cycle_id, unit_id, status);

CREATE INDEX ix_instance_agency_id_subject_id_started_at ON instance (agency_id, subject_id, started_at);

CREATE TABLE organisation_achievement (
    agency_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    level TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at VARCHAR(32) NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_organisation_achievement PRIMARY KEY (agency_id, cycle_id, unit_id),
    CONSTRAINT fk_organisation_achievement_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_organisation_achievement_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE TABLE performance_plan (
    agency_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    imported_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_performance_plan PRIMARY KEY (agency_id, cycle_id, employee_id),
    CONSTRAINT fk_performance_plan_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_performance_plan_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE appraisal (
    agency_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    rater_id TEXT,
    rater_superior_id TEXT,
    result_version INTEGER NOT NULL,
    result_rating TEXT,
    behaviour_rating TEXT,
    predicate TEXT,
    local_score TEXT,
    appeal_open BOOLEAN NOT NULL,
    delivered_at VARCHAR(32),
    final_at VARCHAR(32),
    CONSTRAINT pk_appraisal PRIMARY KEY (agency_id, instance_id),
    CONSTRAINT fk_appraisal_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_appraisal_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_appraisal_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_appraisal_agency_id_cycle_id_unit_id ON appraisal (agency_id, cycle_id, unit_id);

CREATE INDEX ix_appraisal_agency_id_employee_id_cycle_id ON appraisal (agency_id, employee_id, cycle_id);

CREATE INDEX ix_appraisal_agency_id_rater_id_cycle_id ON appraisal (agency_id, rater_id, cycle_id);

CREATE INDEX ix_appraisal_agency_id_rater_superior_id_cycle_id ON appraisal (agency_id, rater_superior_id, cycle_id);

CREATE TABLE awaited_message (
    agency_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    name TEXT NOT NULL,
    correlation TEXT,
    CONSTRAINT pk_awaited_message PRIMARY KEY (agency_id, instance_id, task_id),
    CONSTRAINT fk_awaited_message_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_awaited_message_agency_id_name_correlation ON awaited_message (agency_id, name, correlation);

CREATE TABLE decision (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    table_id TEXT NOT NULL,
    table_sha256 TEXT NOT NULL,
    body TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_decision PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_decision_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_decision_agency_id_instance_id_at ON decision (agency_id, instance_id, at);

CREATE TABLE follow_up (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner_id TEXT,
    due_on DATE,
    state TEXT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_follow_up PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_follow_up_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_follow_up_agency_id_instance_id ON follow_up (agency_id, instance_id);

CREATE INDEX ix_follow_up_agency_id_owner_id_due_on ON follow_up (agency_id, owner_id, due_on) WHERE state = 'open';

CREATE TABLE instance_state (
    agency_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    blob BLOB NOT NULL,
    CONSTRAINT pk_instance_state PRIMARY KEY (agency_id, instance_id),
    CONSTRAINT fk_instance_state_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE TABLE result_version (
    agency_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    result_rating TEXT NOT NULL,
    behaviour_rating TEXT NOT NULL,
    predicate TEXT NOT NULL,
    local_score TEXT,
    decided_by TEXT NOT NULL,
    decided_at VARCHAR(32) NOT NULL,
    signed_by TEXT,
    signed_at VARCHAR(32),
    signature_kind TEXT,
    delivered_at VARCHAR(32),
    delivery_kind TEXT,
    CONSTRAINT pk_result_version PRIMARY KEY (agency_id, instance_id, version),
    CONSTRAINT fk_result_version_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE TABLE timer (
    agency_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    due_at VARCHAR(32) NOT NULL,
    lease_until VARCHAR(32),
    CONSTRAINT pk_timer PRIMARY KEY (agency_id, instance_id, task_id),
    CONSTRAINT fk_timer_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_timer_agency_id_due_at ON timer (agency_id, due_at);

CREATE TABLE work_item (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    name TEXT NOT NULL,
    mi_index INTEGER,
    role TEXT NOT NULL,
    assignee_id TEXT,
    function TEXT,
    unit_id TEXT,
    state TEXT NOT NULL,
    opened_at VARCHAR(32) NOT NULL,
    due_at VARCHAR(32),
    closed_at VARCHAR(32),
    closed_by TEXT,
    participation TEXT,
    offered_to TEXT,
    reminded INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_work_item PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_work_item_state CHECK (state IN ('open', 'completed', 'withdrawn')),
    CONSTRAINT uq_work_item_agency_id_instance_id_task_id UNIQUE (agency_id, instance_id, task_id),
    CONSTRAINT fk_work_item_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_work_item_agency_id_assignee_id_due_at_id ON work_item (agency_id, assignee_id, due_at, id) WHERE state = 'open';

CREATE INDEX ix_work_item_agency_id_due_at ON work_item (agency_id, due_at) WHERE state = 'open';

CREATE INDEX ix_work_item_agency_id_function_unit_id_due_at_id ON work_item (agency_id, function, unit_id, due_at, id) WHERE state = 'open';

CREATE INDEX ix_work_item_agency_id_offered_to ON work_item (agency_id, offered_to) WHERE state = 'open' AND offered_to IS NOT NULL;

CREATE TABLE attachment (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name_sealed BLOB NOT NULL,
    uploaded_by TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_attachment PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_attachment_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_attachment_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_attachment_agency_id_sha256 FOREIGN KEY(agency_id, sha256) REFERENCES stored_file (agency_id, sha256)
);

CREATE INDEX ix_attachment_agency_id_instance_id ON attachment (agency_id, instance_id);

CREATE INDEX ix_attachment_agency_id_work_item_id ON attachment (agency_id, work_item_id);

CREATE TABLE draft (
    agency_id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    payload BLOB NOT NULL,
    revision INTEGER NOT NULL,
    saved_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (agency_id, work_item_id),
    CONSTRAINT fk_draft_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id)
);

CREATE TABLE submission (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    on_behalf_of TEXT,
    participation TEXT,
    payload BLOB NOT NULL,
    commitment TEXT NOT NULL,
    receipt TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_submission PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_submission_agency_id_work_item_id UNIQUE (agency_id, work_item_id),
    CONSTRAINT fk_submission_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_submission_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_submission_agency_id_instance_id_at ON submission (agency_id, instance_id, at);

CREATE TABLE incident (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    element_id TEXT,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    submission_id TEXT,
    attempts INTEGER NOT NULL,
    opened_at VARCHAR(32) NOT NULL,
    resolved_at VARCHAR(32),
    CONSTRAINT pk_incident PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_incident_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_incident_agency_id_submission_id FOREIGN KEY(agency_id, submission_id) REFERENCES submission (agency_id, id)
);

CREATE INDEX ix_incident_agency_id_instance_id ON incident (agency_id, instance_id) WHERE resolved_at IS NULL;
