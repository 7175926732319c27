CREATE TABLE citizen_survey (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    population INTEGER,
    services TEXT NOT NULL,
    counter_hash TEXT,
    comment_key TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_by TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_citizen_survey PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_citizen_survey_agency_id_cycle_id_unit_id UNIQUE (agency_id, cycle_id, unit_id),
    CONSTRAINT uq_citizen_survey_counter_hash UNIQUE (counter_hash),
    CONSTRAINT fk_citizen_survey_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_citizen_survey_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id),
    CONSTRAINT fk_citizen_survey_agency_id_opened_by FOREIGN KEY(agency_id, opened_by) REFERENCES employee (agency_id, id)
);

CREATE TABLE survey_token (
    agency_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    CONSTRAINT pk_survey_token PRIMARY KEY (agency_id, token_hash),
    CONSTRAINT uq_survey_token_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_survey_token_agency_id_survey_id FOREIGN KEY(agency_id, survey_id) REFERENCES citizen_survey (agency_id, id)
);

CREATE INDEX ix_survey_token_agency_id_survey_id ON survey_token (agency_id, survey_id);

CREATE TABLE survey_response (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    survey_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    service INTEGER NOT NULL,
    visited_on DATE NOT NULL,
    answered_on DATE NOT NULL,
    requirements INTEGER NOT NULL,
    procedure INTEGER NOT NULL,
    time INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    product INTEGER NOT NULL,
    competence INTEGER NOT NULL,
    behaviour INTEGER NOT NULL,
    complaints INTEGER NOT NULL,
    facilities INTEGER NOT NULL,
    comment_sealed BYTEA,
    keyed_by TEXT,
    scan_sha256 TEXT,
    CONSTRAINT pk_survey_response PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_survey_response_agency_id_survey_id FOREIGN KEY(agency_id, survey_id) REFERENCES citizen_survey (agency_id, id),
    CONSTRAINT fk_survey_response_agency_id_keyed_by FOREIGN KEY(agency_id, keyed_by) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_survey_response_agency_id_survey_id ON survey_response (agency_id, survey_id);
