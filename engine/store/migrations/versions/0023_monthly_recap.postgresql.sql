CREATE TABLE recap_month (
    agency_id TEXT NOT NULL,
    month TEXT NOT NULL,
    frozen_by TEXT NOT NULL,
    frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    people INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT pk_recap_month PRIMARY KEY (agency_id, month),
    CONSTRAINT fk_recap_month_agency_id_frozen_by FOREIGN KEY(agency_id, frozen_by) REFERENCES employee (agency_id, id)
);

CREATE TABLE recap_line (
    agency_id TEXT NOT NULL,
    month TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_recap_line PRIMARY KEY (agency_id, month, employee_id),
    CONSTRAINT fk_recap_line_agency_id_month FOREIGN KEY(agency_id, month) REFERENCES recap_month (agency_id, month),
    CONSTRAINT fk_recap_line_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);
