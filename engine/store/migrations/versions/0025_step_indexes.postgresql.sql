DROP INDEX ix_audit_event_agency_id_actor_id_at;
CREATE INDEX ix_work_item_agency_id_assignee_id ON work_item (agency_id, assignee_id) WHERE participation = 'confidence';
