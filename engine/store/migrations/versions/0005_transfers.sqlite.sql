ALTER TABLE appraisal ADD COLUMN subject_left BOOLEAN DEFAULT false NOT NULL;

CREATE TABLE sheet_upload (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    cycle_id TEXT,
    key_id TEXT NOT NULL,
    content BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    header INTEGER NOT NULL,
    columns TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at VARCHAR(32) NOT NULL,
    expires_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_sheet_upload PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_sheet_upload_agency_id_key_id FOREIGN KEY(agency_id, key_id) REFERENCES sealing_key (agency_id, id),
    CONSTRAINT fk_sheet_upload_agency_id_uploaded_by FOREIGN KEY(agency_id, uploaded_by) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_sheet_upload_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id)
);

CREATE INDEX ix_sheet_upload_agency_id_expires_at ON sheet_upload (agency_id, expires_at);

CREATE INDEX ix_sheet_upload_agency_id_uploaded_by ON sheet_upload (agency_id, uploaded_by);

CREATE TABLE column_mapping (
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    headings TEXT NOT NULL,
    columns TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_column_mapping PRIMARY KEY (agency_id, kind, name),
    CONSTRAINT uq_column_mapping_agency_id_kind_headings UNIQUE (agency_id, kind, headings)
);

CREATE TABLE transfer_batch (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    planned_by TEXT NOT NULL,
    planned_at VARCHAR(32) NOT NULL,
    confirmed_at VARCHAR(32),
    CONSTRAINT pk_transfer_batch PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_transfer_batch_agency_id_planned_by FOREIGN KEY(agency_id, planned_by) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_transfer_batch_agency_id_planned_at ON transfer_batch (agency_id, planned_at);

CREATE TABLE transfer (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    batch_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    employee_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    effective_on DATE NOT NULL,
    unit_id TEXT,
    title TEXT,
    state TEXT NOT NULL,
    refusal TEXT,
    moved INTEGER NOT NULL,
    done_at VARCHAR(32),
    CONSTRAINT pk_transfer PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_transfer_agency_id_batch_id FOREIGN KEY(agency_id, batch_id) REFERENCES transfer_batch (agency_id, id),
    CONSTRAINT fk_transfer_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_transfer_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE INDEX ix_transfer_agency_id_batch_id_n ON transfer (agency_id, batch_id, n);

CREATE INDEX ix_transfer_agency_id_effective_on_id ON transfer (agency_id, effective_on, id) WHERE state = 'waiting';

CREATE INDEX ix_transfer_agency_id_employee_id ON transfer (agency_id, employee_id);
