CREATE TABLE instance_again (
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
    turn TEXT DEFAULT '' NOT NULL,
    confidential BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_instance PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_instance_status CHECK (status IN ('running', 'completed', 'held', 'cancelled')),
    CONSTRAINT uq_instance_agency_id_cycle_id_subject_id_process_id_turn UNIQUE (agency_id, cycle_id, subject_id, process_id, turn),
    CONSTRAINT fk_instance_agency_id_definition_id FOREIGN KEY(agency_id, definition_id) REFERENCES definition (agency_id, id),
    CONSTRAINT fk_instance_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_instance_agency_id_subject_id FOREIGN KEY(agency_id, subject_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_instance_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id),
    CONSTRAINT fk_instance_agency_id_sealing_key_id FOREIGN KEY(agency_id, sealing_key_id) REFERENCES sealing_key (agency_id, id)
);

INSERT INTO instance_again (agency_id, id, definition_id, process_id, cycle_id, subject_id, unit_id, status, version, audit_head, audit_count, sealing_key_id, started_at, ended_at)
    SELECT agency_id, id, definition_id, process_id, cycle_id, subject_id, unit_id, status, version, audit_head, audit_count, sealing_key_id, started_at, ended_at FROM instance;

DROP TABLE instance;

ALTER TABLE instance_again RENAME TO instance;

CREATE INDEX ix_instance_agency_id_cycle_id_unit_id_status ON instance (agency_id, cycle_id, unit_id, status);

CREATE INDEX ix_instance_agency_id_subject_id_started_at ON instance (agency_id, subject_id, started_at);

CREATE INDEX ix_instance_agency_id_id ON instance (agency_id, id) WHERE confidential;

CREATE TABLE case_record (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    body TEXT NOT NULL,
    kept_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_case_record PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_case_record_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_case_record_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_case_record_agency_id_subject_id FOREIGN KEY(agency_id, subject_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_case_record_agency_id_instance_id ON case_record (agency_id, instance_id);

CREATE INDEX ix_case_record_agency_id_cycle_id_subject_id_kind ON case_record (agency_id, cycle_id, subject_id, kind);
