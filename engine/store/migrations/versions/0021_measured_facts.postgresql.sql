CREATE TABLE measured_fact (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit_id TEXT,
    employee_id TEXT,
    on_day DATE NOT NULL,
    body TEXT NOT NULL,
    import_id TEXT NOT NULL,
    imported_by TEXT NOT NULL,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    replaced_by TEXT,
    CONSTRAINT pk_measured_fact PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_measured_fact_agency_id_unit_id FOREIGN KEY(agency_id, unit_id) REFERENCES org_unit (agency_id, id),
    CONSTRAINT fk_measured_fact_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_measured_fact_agency_id_kind_unit_id_on_day ON measured_fact (agency_id, kind, unit_id, on_day) WHERE replaced_by IS NULL;

CREATE INDEX ix_measured_fact_agency_id_kind_employee_id_on_day ON measured_fact (agency_id, kind, employee_id, on_day) WHERE replaced_by IS NULL;
