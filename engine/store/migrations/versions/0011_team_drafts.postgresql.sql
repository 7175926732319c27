CREATE TABLE preparer (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    rater_id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_preparer PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_preparer_agency_id_rater_id FOREIGN KEY(agency_id, rater_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_preparer_agency_id_operator_id FOREIGN KEY(agency_id, operator_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_preparer_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE INDEX ix_preparer_agency_id_rater_id ON preparer (agency_id, rater_id) WHERE ended_at IS NULL;

CREATE INDEX ix_preparer_agency_id_operator_id ON preparer (agency_id, operator_id) WHERE ended_at IS NULL;

CREATE TABLE prepared_draft (
    agency_id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    operator_id TEXT NOT NULL,
    payload BYTEA NOT NULL,
    revision INTEGER NOT NULL,
    page TEXT NOT NULL,
    edits INTEGER NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    handed_at TIMESTAMP WITH TIME ZONE,
    taken_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_prepared_draft PRIMARY KEY (agency_id, work_item_id),
    CONSTRAINT fk_prepared_draft_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_prepared_draft_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_prepared_draft_agency_id_operator_id FOREIGN KEY(agency_id, operator_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_prepared_draft_agency_id_instance_id ON prepared_draft (agency_id, instance_id);
