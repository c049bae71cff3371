-- Version 3: the rows that a computed result tells of, so that it closes when one of them does.
-- record is the table of the row; placed is 1 where the result tells of its place too.

CREATE TABLE rests_on (
  result INTEGER NOT NULL REFERENCES computed (fid),
  record TEXT NOT NULL CHECK (record IN ('body', 'footprint', 'zone', 'hole', 'sample', 'determination', 'claim')),
  placed INTEGER NOT NULL CHECK (placed IN (0, 1)),
  row INTEGER NOT NULL,
  PRIMARY KEY (result, record, placed, row)
) WITHOUT ROWID;

-- Of results that were kept before, what they rest on is not known: all that their readers may see of
-- the body, its site and its deposit.
INSERT INTO rests_on
SELECT c.fid, 'claim', 0, k.fid
FROM computed c JOIN body b ON b.id = c.subject JOIN claim k ON k.subject IN (b.id, b.site, b.origin_deposit)
WHERE k.shown <= c.visibility;
INSERT INTO rests_on
SELECT c.fid, 'sample', 0, m.fid
FROM computed c JOIN body b ON b.id = c.subject JOIN sample m ON m.body = b.fid
WHERE m.shown <= c.visibility;
INSERT INTO rests_on
SELECT DISTINCT c.fid, 'determination', 0, p.determination
FROM computed c JOIN body b ON b.id = c.subject JOIN sample m ON m.body = b.fid
JOIN results a ON a.fid BETWEEN m.fid * 16384 AND m.fid * 16384 + 16383
JOIN panel p ON p.panel = a.fid & 16383 JOIN determination d ON d.fid = p.determination
WHERE d.visibility <= c.visibility;
INSERT INTO rests_on
SELECT c.fid, 'hole', 0, h.fid FROM computed c JOIN hole h ON h.body = c.subject WHERE h.shown <= c.visibility;
INSERT INTO rests_on
SELECT c.fid, 'zone', 0, z.fid FROM computed c JOIN zone z ON z.body = c.subject WHERE z.shown <= c.visibility;
