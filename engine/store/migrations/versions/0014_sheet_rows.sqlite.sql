ALTER TABLE sheet_upload ADD COLUMN row_count INTEGER;
