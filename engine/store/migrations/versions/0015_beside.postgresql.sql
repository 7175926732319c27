ALTER TABLE instance ADD COLUMN turn TEXT DEFAULT '' NOT NULL;

ALTER TABLE instance ADD COLUMN confidential BOOLEAN DEFAULT false NOT NULL;

ALTER TABLE instance DROP CONSTRAINT uq_instance_agency_id_cycle_id_subject_id_process_id;

ALTER TABLE instance ADD CONSTRAINT uq_instance_agency_id_cycle_id_subject_id_process_id_turn UNIQUE (agency_id, cycle_id, subject_id, process_id, turn);

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
    kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_record PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_case_record_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_case_record_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_case_record_agency_id_subject_id FOREIGN KEY(agency_id, subject_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_case_record_agency_id_instance_id ON case_record (agency_id, instance_id);

CREATE INDEX ix_case_record_agency_id_cycle_id_subject_id_kind ON case_record (agency_id, cycle_id, subject_id, kind);
