ALTER TABLE work_item ADD COLUMN claimed_by TEXT;

ALTER TABLE work_item ADD COLUMN claimed_at VARCHAR(32);

ALTER TABLE work_item ADD COLUMN delegated_to TEXT;

ALTER TABLE work_item ADD COLUMN seen_at VARCHAR(32);

ALTER TABLE instance_state ADD COLUMN previous_blob BLOB;

DROP INDEX ix_work_item_agency_id_function_unit_id_due_at_id;

CREATE INDEX ix_work_item_agency_id_unit_id_due_at_id ON work_item (agency_id, unit_id, due_at, id) WHERE state = 'open';

CREATE INDEX ix_work_item_agency_id_function_due_at_id ON work_item (agency_id, function, due_at, id) WHERE state = 'open' AND function IS NOT NULL AND claimed_by IS NULL;

CREATE INDEX ix_work_item_agency_id_function_opened_at_id ON work_item (agency_id, function, opened_at, id) WHERE state = 'open' AND function IS NOT NULL AND claimed_by IS NULL;

CREATE INDEX ix_work_item_agency_id_function_unit_id_due_at_id ON work_item (agency_id, function, unit_id, due_at, id) WHERE state = 'open' AND function IS NOT NULL AND claimed_by IS NULL;

CREATE INDEX ix_work_item_agency_id_function_element_id_due_at_id ON work_item (agency_id, function, element_id, due_at, id) WHERE state = 'open' AND function IS NOT NULL AND claimed_by IS NULL;

CREATE INDEX ix_work_item_agency_id_claimed_by_due_at_id ON work_item (agency_id, claimed_by, due_at, id) WHERE state = 'open' AND claimed_by IS NOT NULL;

CREATE INDEX ix_work_item_agency_id_delegated_to_due_at_id ON work_item (agency_id, delegated_to, due_at, id) WHERE state = 'open' AND delegated_to IS NOT NULL;

DROP INDEX ix_work_item_agency_id_due_at;

CREATE INDEX ix_work_item_agency_id_due_at_id ON work_item (agency_id, due_at, id) WHERE state = 'open';

CREATE INDEX ix_submission_agency_id_actor_id_at ON submission (agency_id, actor_id, at);

CREATE TABLE delegation (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    delegate_id TEXT NOT NULL,
    delegated_by TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    ended_at VARCHAR(32),
    CONSTRAINT pk_delegation PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_delegation_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_delegation_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_delegation_agency_id_instance_id ON delegation (agency_id, instance_id);

CREATE INDEX ix_delegation_agency_id_delegated_by ON delegation (agency_id, delegated_by) WHERE ended_at IS NULL;

CREATE TABLE saved_filter (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    for_function TEXT,
    for_unit_id TEXT,
    created_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_saved_filter PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_saved_filter_agency_id_owner_id FOREIGN KEY(agency_id, owner_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_saved_filter_agency_id_for_unit_id FOREIGN KEY(agency_id, for_unit_id) REFERENCES org_unit (agency_id, id)
);

CREATE INDEX ix_saved_filter_agency_id_owner_id ON saved_filter (agency_id, owner_id);

CREATE INDEX ix_saved_filter_agency_id_for_function ON saved_filter (agency_id, for_function) WHERE for_function IS NOT NULL;
