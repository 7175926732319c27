CREATE TABLE employee_name_word (
    agency_id TEXT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    employee_id TEXT NOT NULL,
    CONSTRAINT pk_employee_name_word PRIMARY KEY (agency_id, word, employee_id),
    CONSTRAINT fk_employee_name_word_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_employee_name_word_agency_id_employee_id ON employee_name_word (agency_id, employee_id);
