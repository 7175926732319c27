ALTER TABLE draft ADD COLUMN page TEXT NOT NULL DEFAULT '';

ALTER TABLE draft ADD COLUMN edits INTEGER NOT NULL DEFAULT 0;

CREATE TABLE case_comment (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    audience TEXT NOT NULL,
    payload BLOB NOT NULL,
    commitment TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_case_comment PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_case_comment_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_case_comment_agency_id_author_id FOREIGN KEY(agency_id, author_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_case_comment_agency_id_instance_id_id ON case_comment (agency_id, instance_id, id);

CREATE TABLE upload (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    name_sealed BLOB NOT NULL,
    size INTEGER NOT NULL,
    received INTEGER NOT NULL,
    attachment_id TEXT,
    started_at VARCHAR(32) NOT NULL,
    expires_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_upload PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_upload_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_upload_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_upload_agency_id_employee_id ON upload (agency_id, employee_id);

CREATE INDEX ix_upload_agency_id_expires_at ON upload (agency_id, expires_at);

CREATE TABLE upload_part (
    agency_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    content BLOB NOT NULL,
    CONSTRAINT pk_upload_part PRIMARY KEY (agency_id, upload_id, start),
    CONSTRAINT fk_upload_part_agency_id_upload_id FOREIGN KEY(agency_id, upload_id) REFERENCES upload (agency_id, id)
);

CREATE TABLE kept_form (
    agency_id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    payload BLOB NOT NULL,
    revision INTEGER NOT NULL,
    kept_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_kept_form PRIMARY KEY (agency_id, work_item_id, employee_id),
    CONSTRAINT fk_kept_form_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_kept_form_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_kept_form_agency_id_employee_id_kept_at ON kept_form (agency_id, employee_id, kept_at);
