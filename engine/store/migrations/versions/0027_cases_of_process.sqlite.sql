CREATE INDEX ix_instance_agency_id_process_id_id ON instance (agency_id, process_id, id) WHERE turn <> '';
