ALTER TABLE org_unit ADD COLUMN closed_on DATE;

ALTER TABLE session ADD COLUMN way TEXT NOT NULL DEFAULT 'password';

CREATE INDEX ix_employee_agency_id_name_id ON employee (agency_id, name, id);

CREATE TABLE organisation_change (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    noun TEXT NOT NULL,
    object_id TEXT NOT NULL,
    field TEXT NOT NULL,
    was TEXT,
    became TEXT,
    changed_by TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_organisation_change PRIMARY KEY (agency_id, id)
);

CREATE INDEX ix_organisation_change_agency_id_object_id_changed_at ON organisation_change (agency_id, object_id, changed_at);

CREATE TABLE provider_return (
    agency_id TEXT NOT NULL,
    state_hash TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_provider_return PRIMARY KEY (agency_id, state_hash)
);
