-- The register, version 1. Triggers of the R-tree and of the change log are made from the list of
-- tables in schema.rs after the last migration, so that they always know every column.
--
-- visibility: 0 public, 1 authority, 2 private; `shown` is the same with that of all parents
-- (site, body, hole, source) counted in, kept by the program.
-- Lists in CHECKs are ORs: IN would build a table for each row.
-- Geometries are WGS 84 longitude, latitude. A place that the public may not see stands in
-- withheld_place and nowhere else.

-- What the program keeps about the file itself: schema, number of its own commits, last foreign
-- change taken in, and a number that nobody outside knows, with which paging tokens are sealed.
CREATE TABLE register (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
);
INSERT INTO register VALUES ('commits', 0), ('seen_change', 0);

-- Who writes, inside the program's own transactions; empty while others write.
CREATE TABLE context (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  actor TEXT NOT NULL,
  reason TEXT,
  import INTEGER,
  quiet INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE import (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  dataset TEXT NOT NULL,
  files TEXT NOT NULL,
  mapping TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,
  program TEXT NOT NULL,
  added INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  assays INTEGER NOT NULL DEFAULT 0,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT
);

CREATE TABLE source (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))),
  dataset TEXT NOT NULL DEFAULT 'entered by hand',
  key TEXT,
  title TEXT NOT NULL,
  authors TEXT,
  date TEXT CHECK (date GLOB '[0-9][0-9][0-9][0-9]*'),
  address TEXT,
  licence TEXT,
  file_hash TEXT,
  reliability TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER,
  digest INTEGER
);
CREATE INDEX source_closed ON source (fid) WHERE visibility > 0 OR shown > 0;

CREATE TABLE site (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))),
  dataset TEXT NOT NULL DEFAULT 'entered by hand',
  key TEXT,
  name TEXT NOT NULL CHECK (name <> ''),
  aliases TEXT CHECK (aliases IS NULL OR json_valid(aliases)),
  country TEXT NOT NULL CHECK (country GLOB '[A-Z][A-Z]'),
  municipality TEXT,
  note TEXT,
  source TEXT NOT NULL,
  source_page TEXT,
  source_file TEXT,
  source_sheet TEXT,
  source_row INTEGER,
  source_column TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  position_visibility INTEGER NOT NULL DEFAULT 0 CHECK (position_visibility BETWEEN 0 AND 2),
  x DOUBLE,
  y DOUBLE,
  epsg INTEGER,
  accuracy_m DOUBLE,
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER,
  digest INTEGER
);
CREATE INDEX site_closed ON site (fid) WHERE visibility > 0 OR position_visibility > 0 OR shown > 0;
CREATE INDEX site_unplaced ON site (fid) WHERE geom IS NULL;
CREATE INDEX site_country ON site (country);
CREATE INDEX site_card ON site (id, name, country); -- what each row of a list of bodies needs
CREATE INDEX site_source ON site (source);

CREATE TABLE body (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))),
  dataset TEXT NOT NULL DEFAULT 'entered by hand',
  key TEXT,
  site TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  aliases TEXT CHECK (aliases IS NULL OR json_valid(aliases)),
  kind TEXT NOT NULL,
  period_start TEXT CHECK (period_start GLOB '[0-9][0-9][0-9][0-9]*'),
  period_end TEXT CHECK (period_end GLOB '[0-9][0-9][0-9][0-9]*'),
  status TEXT,
  storage TEXT,
  list_of_waste TEXT,
  commodities TEXT CHECK (commodities IS NULL OR json_valid(commodities)),
  origin_deposit TEXT,
  deposit_type TEXT,
  note TEXT,
  source TEXT NOT NULL,
  source_page TEXT,
  source_file TEXT,
  source_sheet TEXT,
  source_row INTEGER,
  source_column TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  position_visibility INTEGER NOT NULL DEFAULT 0 CHECK (position_visibility BETWEEN 0 AND 2),
  x DOUBLE,
  y DOUBLE,
  epsg INTEGER,
  accuracy_m DOUBLE,
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER,
  digest INTEGER
);
CREATE INDEX body_closed ON body (fid) WHERE visibility > 0 OR position_visibility > 0 OR shown > 0;
CREATE INDEX body_unplaced ON body (fid) WHERE geom IS NULL;
CREATE INDEX body_site ON body (site);
CREATE INDEX body_kind ON body (kind);
CREATE INDEX body_source ON body (source);
CREATE INDEX body_origin ON body (origin_deposit) WHERE origin_deposit IS NOT NULL;

CREATE TABLE footprint (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  body TEXT NOT NULL UNIQUE,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT
);

-- What a body holds or was mined for, for filters: commodities mined (found = 0), substances
-- that a claim states (1) or an assay found (2). Made by the program from the records.
CREATE TABLE body_material (
  body INTEGER NOT NULL,
  found INTEGER NOT NULL,
  code TEXT NOT NULL,
  visibility INTEGER NOT NULL,
  PRIMARY KEY (body, found, code)
) WITHOUT ROWID;
CREATE INDEX body_material_code ON body_material (code, found);

CREATE TABLE zone (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))),
  body TEXT NOT NULL,
  name TEXT NOT NULL,
  top_m DOUBLE,
  base_m DOUBLE,
  source TEXT NOT NULL,
  source_page TEXT,
  source_file TEXT,
  source_sheet TEXT,
  source_row INTEGER,
  source_column TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER,
  digest INTEGER
);
CREATE INDEX zone_body ON zone (body);
CREATE INDEX zone_source ON zone (source);
CREATE INDEX zone_closed ON zone (fid) WHERE visibility > 0 OR shown > 0;

CREATE TABLE hole (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))),
  dataset TEXT NOT NULL DEFAULT 'entered by hand',
  key TEXT,
  body TEXT,
  name TEXT NOT NULL,
  elevation_m DOUBLE,
  height_datum TEXT,
  depth_m DOUBLE,
  surveys TEXT CHECK (surveys IS NULL OR json_valid(surveys)),
  method TEXT,
  source TEXT NOT NULL,
  source_page TEXT,
  source_file TEXT,
  source_sheet TEXT,
  source_row INTEGER,
  source_column TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  position_visibility INTEGER NOT NULL DEFAULT 0 CHECK (position_visibility BETWEEN 0 AND 2),
  x DOUBLE,
  y DOUBLE,
  epsg INTEGER,
  accuracy_m DOUBLE,
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER,
  digest INTEGER
);
CREATE INDEX hole_closed ON hole (fid) WHERE visibility > 0 OR position_visibility > 0 OR shown > 0;
CREATE INDEX hole_body ON hole (body);
CREATE INDEX hole_source ON hole (source);

-- Dataset, source and place in it that many samples share.
CREATE TABLE provenance (
  fid INTEGER PRIMARY KEY NOT NULL,
  dataset TEXT NOT NULL,
  source TEXT NOT NULL,
  source_page TEXT,
  source_file TEXT,
  source_sheet TEXT,
  source_column TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT
);

-- id is the UUID in 16 bytes, found by its first six; key is left out where it equals the name; role is left out for the
-- material itself; body and hole are fids, which cannot change.
CREATE TABLE sample (
  fid INTEGER PRIMARY KEY NOT NULL,
  geom POINT,
  id BLOB NOT NULL DEFAULT (randomblob(16)) CHECK (length(id) = 16),
  key TEXT,
  name TEXT NOT NULL,
  body INTEGER,
  hole INTEGER,
  from_m DOUBLE,
  to_m DOUBLE,
  method TEXT,
  mass_kg DOUBLE,
  size_from_mm DOUBLE,
  size_to_mm DOUBLE,
  size_share DOUBLE,
  date TEXT CHECK (date GLOB '[0-9][0-9][0-9][0-9]*'),
  role TEXT,
  provenance INTEGER NOT NULL,
  source_row INTEGER,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  position_visibility INTEGER NOT NULL DEFAULT 0 CHECK (position_visibility BETWEEN 0 AND 2),
  x DOUBLE,
  y DOUBLE,
  epsg INTEGER,
  accuracy_m DOUBLE,
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER
);
CREATE INDEX sample_id ON sample (substr(id, 1, 6));
CREATE INDEX sample_closed ON sample (fid) WHERE visibility > 0 OR position_visibility > 0 OR shown > 0;
CREATE INDEX sample_body ON sample (body) WHERE body IS NOT NULL;
CREATE INDEX sample_hole ON sample (hole) WHERE hole IS NOT NULL;

CREATE TABLE determination (
  fid INTEGER PRIMARY KEY NOT NULL CHECK (fid < 16384),
  dataset TEXT NOT NULL,
  substance TEXT NOT NULL,
  substance_kind TEXT NOT NULL CHECK (substance_kind = 'element' OR substance_kind = 'compound' OR substance_kind = 'mineral' OR substance_kind = 'defined'),
  unit TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis = 'unstated' OR basis = 'dry' OR basis = 'wet'),
  digestion TEXT,
  method TEXT,
  laboratory TEXT,
  detection_limit DOUBLE,
  upper_limit DOUBLE,
  size_from_mm DOUBLE,
  size_to_mm DOUBLE,
  size_share DOUBLE,
  header TEXT NOT NULL,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  import INTEGER
);

-- Determinations whose results stand in one row of `results`, in the order of that row.
CREATE TABLE panel (
  fid INTEGER PRIMARY KEY NOT NULL,
  panel INTEGER NOT NULL CHECK (panel < 16384),
  position INTEGER NOT NULL,
  determination INTEGER NOT NULL,
  UNIQUE (panel, position)
);

-- The results of one panel on one sample: fid = sample * 16384 + panel; numbers is a JSON array with
-- the numbers as printed, "<5" or ">5" where the method saw only a limit, null where nothing was
-- reported; count is how many are reported. Row for row this is a third of one row per assay.
-- Visibility and licence are those of the sample and of the determination.
CREATE TABLE results (
  fid INTEGER PRIMARY KEY NOT NULL,
  count INTEGER NOT NULL,
  numbers TEXT NOT NULL
);

-- The same to read, a row per assay: a tool that knows nothing of varp sees numbers.
-- The first half never has a row: it gives the columns their types.
CREATE VIEW assay AS
SELECT
  m.fid AS fid, m.name AS sample, d.substance AS sample_id, d.fid AS determination,
  d.substance AS substance, d.substance AS sign, d.detection_limit AS value, d.unit AS unit,
  d.basis AS basis, d.method AS method, d.visibility AS visibility
FROM sample m, determination d WHERE FALSE
UNION ALL
SELECT
  (a.fid & ~16383) | d.fid,
  m.name,
  lower(substr(hex(m.id), 1, 8) || '-' || substr(hex(m.id), 9, 4) || '-' || substr(hex(m.id), 13, 4)
    || '-' || substr(hex(m.id), 17, 4) || '-' || substr(hex(m.id), 21)),
  d.fid,
  d.substance,
  CASE j.type WHEN 'text' THEN substr(j.value, 1, 1) ELSE '' END,
  CAST(CASE j.type WHEN 'text' THEN substr(j.value, 2) ELSE j.value END AS REAL),
  d.unit,
  d.basis,
  d.method,
  max(m.shown, d.visibility)
FROM results a
JOIN sample m ON m.fid = a.fid >> 14
JOIN json_each(a.numbers) j
JOIN panel p ON p.panel = a.fid & 16383 AND p.position = j.key
JOIN determination d ON d.fid = p.determination
WHERE j.type <> 'null';

CREATE TABLE claim (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))||'-'||hex(randomblob(2))||'-4'||substr(hex(randomblob(2)),2)||'-a'||substr(hex(randomblob(2)),2)||'-'||hex(randomblob(6)))),
  dataset TEXT NOT NULL DEFAULT 'entered by hand',
  key TEXT,
  subject_kind TEXT NOT NULL CHECK (subject_kind = 'site' OR subject_kind = 'body' OR subject_kind = 'zone' OR subject_kind = 'hole' OR subject_kind = 'sample'),
  subject TEXT NOT NULL,
  property TEXT NOT NULL,
  substance TEXT,
  substance_kind TEXT CHECK (substance_kind = 'element' OR substance_kind = 'compound' OR substance_kind = 'mineral' OR substance_kind = 'defined'),
  value_kind TEXT NOT NULL CHECK (value_kind = 'number' OR value_kind = 'text' OR value_kind = 'code' OR value_kind = 'date'),
  best DOUBLE,
  low DOUBLE,
  high DOUBLE,
  coverage DOUBLE CHECK (coverage > 0 AND coverage < 1),
  no_range TEXT,
  unit TEXT,
  text TEXT,
  basis TEXT NOT NULL DEFAULT 'unstated' CHECK (basis = 'unstated' OR basis = 'dry' OR basis = 'wet'),
  term TEXT NOT NULL DEFAULT 'unstated' CHECK (term = 'unstated' OR term = 'original' OR term = 'remaining' OR term = 'produced'),
  date TEXT CHECK (date GLOB '[0-9][0-9][0-9][0-9]*'),
  period_start TEXT CHECK (period_start GLOB '[0-9][0-9][0-9][0-9]*'),
  period_end TEXT CHECK (period_end GLOB '[0-9][0-9][0-9][0-9]*'),
  method TEXT,
  note TEXT,
  source TEXT NOT NULL,
  source_page TEXT,
  source_file TEXT,
  source_sheet TEXT,
  source_row INTEGER,
  source_column TEXT,
  preferred TEXT,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  licence TEXT,
  shown INTEGER NOT NULL DEFAULT 0,
  import INTEGER,
  digest INTEGER,
  CHECK (value_kind <> 'number' OR unit IS NOT NULL)
);
CREATE INDEX claim_subject ON claim (subject, property);
CREATE INDEX claim_key_figure ON claim (subject)
WHERE (property = 'mass' OR property = 'volume' OR property = 'area') AND substance IS NULL;
CREATE INDEX claim_source ON claim (source);
CREATE INDEX claim_closed ON claim (fid) WHERE visibility > 0 OR shown > 0;

-- Exact places that the public may not see: no layer, no index, no extent knows them.
CREATE TABLE withheld_place (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  layer TEXT NOT NULL CHECK (layer = 'site' OR layer = 'body' OR layer = 'footprint' OR layer = 'zone' OR layer = 'hole' OR layer = 'sample'),
  row INTEGER NOT NULL,
  place BLOB NOT NULL,
  x DOUBLE,
  y DOUBLE,
  epsg INTEGER,
  accuracy_m DOUBLE,
  visibility INTEGER NOT NULL CHECK (visibility BETWEEN 1 AND 2),
  licence TEXT,
  UNIQUE (layer, row)
);

-- Units that the program reads; kept up to date by it, asked by triggers.
CREATE TABLE unit (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  symbol TEXT NOT NULL UNIQUE
);

CREATE TABLE redirect (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  gone TEXT NOT NULL UNIQUE,
  kept TEXT NOT NULL,
  time TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL
);

CREATE TABLE kept_apart (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  a TEXT NOT NULL,
  b TEXT NOT NULL,
  time TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  UNIQUE (a, b)
);

-- The change log: append-only. actor NULL is a program that did not say, such as a GIS.
CREATE TABLE change (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  actor TEXT,
  reason TEXT,
  import INTEGER,
  table_name TEXT NOT NULL,
  row TEXT NOT NULL,
  operation TEXT NOT NULL CHECK (operation = 'insert' OR operation = 'update' OR operation = 'delete'),
  before TEXT,
  after TEXT,
  visibility INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX change_row ON change (row);
CREATE TRIGGER change_is_append_only BEFORE DELETE ON change BEGIN
  SELECT RAISE(ABORT, 'the change log is append-only');
END;

-- Words of names and aliases, folded by the program; rowid = fid * 4 + 0 source, 1 site, 2 body.
CREATE VIRTUAL TABLE word USING fts5 (
  name, aliases,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- Deleting what others lean on is refused.
CREATE TRIGGER site_leans BEFORE DELETE ON site
WHEN EXISTS (SELECT 1 FROM body WHERE site = OLD.id) OR EXISTS (SELECT 1 FROM claim WHERE subject = OLD.id)
BEGIN SELECT RAISE(ABORT, 'bodies or claims refer to this site'); END;
CREATE TRIGGER body_leans BEFORE DELETE ON body
WHEN EXISTS (SELECT 1 FROM zone WHERE body = OLD.id) OR EXISTS (SELECT 1 FROM hole WHERE body = OLD.id)
  OR EXISTS (SELECT 1 FROM claim WHERE subject = OLD.id) OR EXISTS (SELECT 1 FROM sample WHERE body = OLD.fid)
  OR EXISTS (SELECT 1 FROM body WHERE origin_deposit = OLD.id)
BEGIN SELECT RAISE(ABORT, 'zones, holes, samples, claims or bodies refer to this body'); END;
CREATE TRIGGER zone_leans BEFORE DELETE ON zone
WHEN EXISTS (SELECT 1 FROM claim WHERE subject = OLD.id)
BEGIN SELECT RAISE(ABORT, 'claims refer to this zone'); END;
CREATE TRIGGER hole_leans BEFORE DELETE ON hole
WHEN EXISTS (SELECT 1 FROM sample WHERE hole = OLD.fid) OR EXISTS (SELECT 1 FROM claim WHERE subject = OLD.id)
BEGIN SELECT RAISE(ABORT, 'samples or claims refer to this hole'); END;
CREATE TRIGGER source_leans BEFORE DELETE ON source
WHEN EXISTS (SELECT 1 FROM site WHERE source = OLD.id) OR EXISTS (SELECT 1 FROM body WHERE source = OLD.id)
  OR EXISTS (SELECT 1 FROM zone WHERE source = OLD.id) OR EXISTS (SELECT 1 FROM hole WHERE source = OLD.id)
  OR EXISTS (SELECT 1 FROM claim WHERE source = OLD.id) OR EXISTS (SELECT 1 FROM provenance WHERE source = OLD.id)
BEGIN SELECT RAISE(ABORT, 'records cite this source'); END;
CREATE TRIGGER sample_leans BEFORE DELETE ON sample
WHEN EXISTS (SELECT 1 FROM results WHERE fid BETWEEN OLD.fid * 16384 AND OLD.fid * 16384 + 16383)
BEGIN SELECT RAISE(ABORT, 'assays refer to this sample'); END;

-- Identities stay.
CREATE TRIGGER source_stays BEFORE UPDATE OF fid, id ON source WHEN OLD.fid <> NEW.fid OR OLD.id <> NEW.id
BEGIN SELECT RAISE(ABORT, 'the identity of a source cannot change'); END;
CREATE TRIGGER site_stays BEFORE UPDATE OF fid, id ON site WHEN OLD.fid <> NEW.fid OR OLD.id <> NEW.id
BEGIN SELECT RAISE(ABORT, 'the identity of a site cannot change'); END;
CREATE TRIGGER body_stays BEFORE UPDATE OF fid, id ON body WHEN OLD.fid <> NEW.fid OR OLD.id <> NEW.id
BEGIN SELECT RAISE(ABORT, 'the identity of a body cannot change'); END;
CREATE TRIGGER hole_stays BEFORE UPDATE OF fid, id ON hole WHEN OLD.fid <> NEW.fid OR OLD.id <> NEW.id
BEGIN SELECT RAISE(ABORT, 'the identity of a hole cannot change'); END;
CREATE TRIGGER sample_stays BEFORE UPDATE OF fid, id ON sample WHEN OLD.fid <> NEW.fid OR OLD.id <> NEW.id
BEGIN SELECT RAISE(ABORT, 'the identity of a sample cannot change'); END;

-- Closing a record holds at once, for itself; its children follow when the program next looks.
CREATE TRIGGER source_closes AFTER UPDATE OF visibility ON source WHEN NEW.visibility > NEW.shown
BEGIN UPDATE source SET shown = NEW.visibility WHERE fid = NEW.fid; END;
CREATE TRIGGER site_closes AFTER UPDATE OF visibility ON site WHEN NEW.visibility > NEW.shown
BEGIN UPDATE site SET shown = NEW.visibility WHERE fid = NEW.fid; END;
CREATE TRIGGER body_closes AFTER UPDATE OF visibility ON body WHEN NEW.visibility > NEW.shown
BEGIN UPDATE body SET shown = NEW.visibility WHERE fid = NEW.fid; END;
CREATE TRIGGER claim_closes AFTER UPDATE OF visibility ON claim WHEN NEW.visibility > NEW.shown
BEGIN UPDATE claim SET shown = NEW.visibility WHERE fid = NEW.fid; END;

-- A unit that nobody can read is refused.
CREATE TRIGGER claim_unit_insert BEFORE INSERT ON claim
WHEN NEW.unit IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unit WHERE symbol = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'the unit is not one of the table unit'); END;
CREATE TRIGGER claim_unit_update BEFORE UPDATE OF unit ON claim
WHEN NEW.unit IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unit WHERE symbol = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'the unit is not one of the table unit'); END;
