CREATE TABLE result_sheet (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    edition TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    facts_sealed BLOB NOT NULL,
    pdf_sha256 TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_result_sheet PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_result_sheet_code_hash UNIQUE (code_hash),
    CONSTRAINT uq_result_sheet_agency_id_instance_id_version_language_edition UNIQUE (agency_id, instance_id, version, language, edition),
    CONSTRAINT fk_result_sheet_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id),
    CONSTRAINT fk_result_sheet_agency_id_made_by FOREIGN KEY(agency_id, made_by) REFERENCES employee (agency_id, id)
);
