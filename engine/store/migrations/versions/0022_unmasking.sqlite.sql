CREATE TABLE unmasking (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at VARCHAR(32) NOT NULL,
    payload BLOB NOT NULL,
    outcome TEXT,
    decided_by TEXT,
    decided_at VARCHAR(32),
    CONSTRAINT pk_unmasking PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_unmasking_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_unmasking_agency_id_submission_id FOREIGN KEY(agency_id, submission_id) REFERENCES submission (agency_id, id),
    CONSTRAINT fk_unmasking_agency_id_asked_by FOREIGN KEY(agency_id, asked_by) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_unmasking_agency_id_asked_at ON unmasking (agency_id, asked_at);
