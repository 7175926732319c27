CREATE TABLE paper (
    agency_id TEXT NOT NULL,
    work_item_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    dated DATE NOT NULL,
    number BLOB NOT NULL,
    commitment TEXT NOT NULL,
    CONSTRAINT pk_paper PRIMARY KEY (agency_id, work_item_id),
    CONSTRAINT fk_paper_agency_id_work_item_id FOREIGN KEY(agency_id, work_item_id) REFERENCES work_item (agency_id, id),
    CONSTRAINT fk_paper_agency_id_instance_id FOREIGN KEY(agency_id, instance_id) REFERENCES instance (agency_id, id)
);

CREATE INDEX ix_paper_agency_id_instance_id ON paper (agency_id, instance_id);
