ALTER TABLE submission ADD COLUMN signature_kind TEXT;

DROP TABLE session;

CREATE TABLE session (
    token_hash TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    stage TEXT NOT NULL,
    device TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    idle_until TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (token_hash),
    CONSTRAINT fk_session_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_session_agency_id_employee_id ON session (agency_id, employee_id);

CREATE TABLE credential (
    agency_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    password_hash TEXT,
    changed_at TIMESTAMP WITH TIME ZONE,
    pin_hash TEXT,
    totp_sealed BYTEA,
    totp_key_id TEXT,
    totp_confirmed_at TIMESTAMP WITH TIME ZONE,
    totp_step BIGINT NOT NULL,
    CONSTRAINT pk_credential PRIMARY KEY (agency_id, employee_id),
    CONSTRAINT fk_credential_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE one_time_code (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_one_time_code PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_one_time_code_agency_id_code_hash UNIQUE (agency_id, code_hash),
    CONSTRAINT fk_one_time_code_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_one_time_code_agency_id_employee_id ON one_time_code (agency_id, employee_id);

CREATE TABLE sign_in_attempt (
    agency_id TEXT NOT NULL,
    key TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE NOT NULL,
    trusted_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_in_attempt PRIMARY KEY (agency_id, key)
);

CREATE INDEX ix_sign_in_attempt_agency_id_last_at ON sign_in_attempt (agency_id, last_at);

CREATE TABLE duty_proposal (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    function TEXT NOT NULL,
    unit_id TEXT,
    starts DATE NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    CONSTRAINT pk_duty_proposal PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_duty_proposal_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_duty_proposal_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE INDEX ix_duty_proposal_agency_id_proposed_at ON duty_proposal (agency_id, proposed_at) WHERE outcome IS NULL;
