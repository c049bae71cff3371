-- Version 4: a result rests on attached surfaces and points too, and closes when they do.

CREATE TABLE rests_on_4 (
  result INTEGER NOT NULL REFERENCES computed (fid),
  record TEXT NOT NULL CHECK (record IN ('body', 'footprint', 'zone', 'hole', 'sample', 'determination', 'claim', 'computed')),
  placed INTEGER NOT NULL CHECK (placed IN (0, 1)),
  row INTEGER NOT NULL,
  PRIMARY KEY (result, record, placed, row)
) WITHOUT ROWID;
INSERT INTO rests_on_4 SELECT result, record, placed, row FROM rests_on;
DROP TABLE rests_on;
ALTER TABLE rests_on_4 RENAME TO rests_on;
