CREATE TABLE cycle_population (
    agency_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    filters TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_cycle_population PRIMARY KEY (agency_id, cycle_id),
    CONSTRAINT fk_cycle_population_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id)
);

CREATE TABLE population_exclusion (
    agency_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    reason_sealed BYTEA NOT NULL,
    reason_key TEXT NOT NULL,
    excluded_by TEXT NOT NULL,
    excluded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_population_exclusion PRIMARY KEY (agency_id, cycle_id, employee_id),
    CONSTRAINT fk_population_exclusion_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_population_exclusion_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE rater_appointment (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    rater_id TEXT NOT NULL,
    starts DATE NOT NULL,
    ends DATE,
    named_by TEXT NOT NULL,
    named_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rater_appointment PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_rater_appointment_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_rater_appointment_agency_id_rater_id FOREIGN KEY(agency_id, rater_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_rater_appointment_agency_id_employee_id_starts ON rater_appointment (agency_id, employee_id, starts);

CREATE TABLE declared_conflict (
    agency_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    declared_by TEXT NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_declared_conflict PRIMARY KEY (agency_id, employee_id, other_id),
    CONSTRAINT fk_declared_conflict_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_declared_conflict_agency_id_other_id FOREIGN KEY(agency_id, other_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE launch (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    filters TEXT NOT NULL,
    status TEXT NOT NULL,
    cursor TEXT NOT NULL,
    total INTEGER NOT NULL,
    looked INTEGER NOT NULL,
    started INTEGER NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_launch PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_launch_status CHECK (status IN ('running', 'stopped', 'done')),
    CONSTRAINT fk_launch_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id)
);

CREATE INDEX ix_launch_agency_id_cycle_id_requested_at ON launch (agency_id, cycle_id, requested_at);

CREATE INDEX ix_launch_agency_id_status ON launch (agency_id, status) WHERE status = 'running';

CREATE TABLE launch_person (
    agency_id TEXT NOT NULL,
    launch_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    CONSTRAINT pk_launch_person PRIMARY KEY (agency_id, launch_id, employee_id),
    CONSTRAINT ck_launch_person_state CHECK (state IN ('waiting', 'refused')),
    CONSTRAINT fk_launch_person_agency_id_launch_id FOREIGN KEY(agency_id, launch_id) REFERENCES launch (agency_id, id),
    CONSTRAINT fk_launch_person_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE extension (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    element_id TEXT NOT NULL,
    unit_id TEXT,
    instance_id TEXT,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason_sealed BYTEA NOT NULL,
    reason_key TEXT NOT NULL,
    status TEXT NOT NULL,
    total INTEGER NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_extension PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_extension_status CHECK (status IN ('running', 'done')),
    CONSTRAINT fk_extension_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id)
);

CREATE INDEX ix_extension_agency_id_cycle_id_requested_at ON extension (agency_id, cycle_id, requested_at);

CREATE INDEX ix_extension_agency_id_status ON extension (agency_id, status) WHERE status = 'running';

CREATE TABLE extension_result (
    agency_id TEXT NOT NULL,
    extension_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    old_due TIMESTAMP WITH TIME ZONE,
    new_due TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_extension_result PRIMARY KEY (agency_id, extension_id, item_id),
    CONSTRAINT fk_extension_result_agency_id_extension_id FOREIGN KEY(agency_id, extension_id) REFERENCES extension (agency_id, id),
    CONSTRAINT fk_extension_result_agency_id_item_id FOREIGN KEY(agency_id, item_id) REFERENCES work_item (agency_id, id)
);

CREATE TABLE cycle_closing (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    handling TEXT NOT NULL,
    reason_sealed BYTEA NOT NULL,
    reason_key TEXT NOT NULL,
    status TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reopened_by TEXT,
    reopened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_cycle_closing PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_cycle_closing_handling CHECK (handling IN ('go_on', 'cancel')),
    CONSTRAINT ck_cycle_closing_status CHECK (status IN ('running', 'done')),
    CONSTRAINT fk_cycle_closing_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id)
);

CREATE INDEX ix_cycle_closing_agency_id_cycle_id_closed_at ON cycle_closing (agency_id, cycle_id, closed_at);

CREATE INDEX ix_cycle_closing_agency_id_status ON cycle_closing (agency_id, status) WHERE status = 'running';

CREATE TABLE export_layout (
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    columns TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_export_layout PRIMARY KEY (agency_id, kind)
);
