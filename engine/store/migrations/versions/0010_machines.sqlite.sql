CREATE TABLE job_run (
    agency_id TEXT NOT NULL,
    job TEXT NOT NULL,
    ran_at VARCHAR(32) NOT NULL,
    took_ms INTEGER NOT NULL,
    done BIGINT NOT NULL,
    failed_at VARCHAR(32),
    CONSTRAINT pk_job_run PRIMARY KEY (agency_id, job)
);
