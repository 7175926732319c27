CREATE TABLE notice (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    item_id TEXT,
    instance_id TEXT,
    cycle_id TEXT,
    created_at VARCHAR(32) NOT NULL,
    read_at VARCHAR(32),
    dedup_key TEXT NOT NULL,
    CONSTRAINT pk_notice PRIMARY KEY (agency_id, id),
    CONSTRAINT uq_notice_agency_id_recipient_id_dedup_key UNIQUE (agency_id, recipient_id, dedup_key),
    CONSTRAINT fk_notice_agency_id_recipient_id FOREIGN KEY(agency_id, recipient_id) REFERENCES employee (agency_id, id)
);

CREATE INDEX ix_notice_agency_id_item_id ON notice (agency_id, item_id) WHERE read_at IS NULL AND item_id IS NOT NULL;

CREATE INDEX ix_notice_agency_id_recipient_id_created_at ON notice (agency_id, recipient_id, created_at) WHERE read_at IS NULL;

CREATE INDEX ix_notice_agency_id_recipient_id_created_at_id ON notice (agency_id, recipient_id, created_at, id);

CREATE TABLE notice_contact (
    agency_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    address_sealed BLOB NOT NULL,
    key_id TEXT NOT NULL,
    language TEXT NOT NULL,
    code_sealed BLOB,
    code_until VARCHAR(32),
    code_tries INTEGER NOT NULL,
    verified_at VARCHAR(32),
    failure TEXT,
    changed_at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_notice_contact PRIMARY KEY (agency_id, employee_id, channel),
    CONSTRAINT ck_notice_contact_channel CHECK (channel IN ('email', 'message')),
    CONSTRAINT fk_notice_contact_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id),
    CONSTRAINT fk_notice_contact_agency_id_key_id FOREIGN KEY(agency_id, key_id) REFERENCES sealing_key (agency_id, id)
);

CREATE INDEX ix_notice_contact_agency_id_changed_at ON notice_contact (agency_id, changed_at) WHERE failure IS NOT NULL;

CREATE TABLE notice_preference (
    agency_id TEXT NOT NULL,
    employee_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    topic TEXT NOT NULL,
    pace TEXT NOT NULL,
    CONSTRAINT pk_notice_preference PRIMARY KEY (agency_id, employee_id, channel, topic),
    CONSTRAINT fk_notice_preference_agency_id_employee_id FOREIGN KEY(agency_id, employee_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE notice_delivery (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    slot TEXT NOT NULL,
    due_at VARCHAR(32) NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    content TEXT,
    covers_until VARCHAR(32),
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_notice_delivery PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_notice_delivery_status CHECK (status IN ('queued', 'sent', 'failed', 'suppressed')),
    CONSTRAINT uq_notice_delivery_agency_id_recipient_id_channel_slot UNIQUE (agency_id, recipient_id, channel, slot),
    CONSTRAINT fk_notice_delivery_agency_id_recipient_id FOREIGN KEY(agency_id, recipient_id) REFERENCES employee (agency_id, id)
);

CREATE TABLE webhook_delivery (
    agency_id TEXT NOT NULL,
    id TEXT NOT NULL,
    target TEXT NOT NULL,
    event TEXT NOT NULL,
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at VARCHAR(32) NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    at VARCHAR(32) NOT NULL,
    CONSTRAINT pk_webhook_delivery PRIMARY KEY (agency_id, id),
    CONSTRAINT ck_webhook_delivery_status CHECK (status IN ('queued', 'sent', 'failed', 'suppressed')),
    CONSTRAINT uq_webhook_delivery_agency_id_target_source UNIQUE (agency_id, target, source)
);

CREATE INDEX ix_webhook_delivery_agency_id_created_at_id ON webhook_delivery (agency_id, created_at, id);

CREATE TABLE watermark (
    agency_id TEXT NOT NULL,
    name TEXT NOT NULL,
    mark TEXT NOT NULL,
    CONSTRAINT pk_watermark PRIMARY KEY (agency_id, name)
);
