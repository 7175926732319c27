ALTER TABLE follow_up ADD COLUMN element_id TEXT;

ALTER TABLE follow_up ADD COLUMN function TEXT;

ALTER TABLE follow_up ADD COLUMN closed_at VARCHAR(32);

ALTER TABLE follow_up ADD COLUMN closed_by TEXT;

ALTER TABLE follow_up ADD COLUMN failed BOOLEAN;

CREATE INDEX ix_follow_up_agency_id_due_on_id ON follow_up (agency_id, due_on, id);

CREATE TABLE follow_up_entry (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    follow_up_id TEXT NOT NULL,
    step TEXT NOT NULL,
    written_by TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    payload BLOB NOT NULL,
    commitment TEXT NOT NULL,
    file_sha256 TEXT,
    CONSTRAINT pk_follow_up_entry PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_follow_up_entry_agency_id_follow_up_id FOREIGN KEY(agency_id, follow_up_id) REFERENCES follow_up (agency_id, id)
);

CREATE INDEX ix_follow_up_entry_agency_id_follow_up_id ON follow_up_entry (agency_id, follow_up_id);
