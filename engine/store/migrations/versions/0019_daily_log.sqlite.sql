CREATE TABLE daily_log (
    agency_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    rater_id TEXT,
    rater_superior_id TEXT,
    active BOOLEAN NOT NULL,
    locked_through DATE,
    CONSTRAINT pk_daily_log PRIMARY KEY (agency_id, cycle_id, employee_id),
    CONSTRAINT fk_daily_log_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id),
    CONSTRAINT fk_daily_log_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_daily_log_agency_id_employee_id ON daily_log (agency_id, employee_id);

CREATE INDEX ix_daily_log_agency_id_rater_id ON daily_log (agency_id, rater_id);

CREATE INDEX ix_daily_log_agency_id_rater_superior_id ON daily_log (agency_id, rater_superior_id);

CREATE TABLE log_entry (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    day DATE NOT NULL,
    minutes INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    planned BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    payload BLOB NOT NULL,
    commitment TEXT NOT NULL,
    entered_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_log_entry PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_log_entry_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_log_entry_agency_id_cycle_id FOREIGN KEY(agency_id, cycle_id) REFERENCES cycle (agency_id, id)
);

CREATE INDEX ix_log_entry_agency_id_employee_id_cycle_id_day ON log_entry (agency_id, employee_id, cycle_id, day);

CREATE TABLE log_note (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    cycle_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    commitment TEXT NOT NULL,
    at VARCHAR(32) NOT NULL,
    due_at VARCHAR(32),
    answered_at VARCHAR(32),
    CONSTRAINT pk_log_note PRIMARY KEY (agency_id, id),
    CONSTRAINT fk_log_note_agency_id_entry_id FOREIGN KEY(agency_id, entry_id) REFERENCES log_entry (agency_id, id),
    CONSTRAINT fk_log_note_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_log_note_agency_id_author_id FOREIGN KEY(agency_id, author_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_log_note_agency_id_due_at ON log_note (agency_id, due_at) WHERE answered_at IS NULL;

CREATE INDEX ix_log_note_agency_id_employee_id_cycle_id ON log_note (agency_id, employee_id, cycle_id);

CREATE INDEX ix_log_note_agency_id_entry_id ON log_note (agency_id, entry_id);
