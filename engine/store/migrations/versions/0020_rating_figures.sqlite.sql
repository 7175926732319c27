ALTER TABLE result_version ADD COLUMN figures TEXT;
