ALTER TABLE work_item ADD COLUMN kept_apart TEXT;
