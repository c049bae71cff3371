-- Version 2: what was computed, and what people decided of it. Append-only.
-- subject is the id of a body, or nothing for what spans the register; seed is text, for it may
-- need all of 64 bits; versions is a JSON array of pairs of name and version.

CREATE TABLE computed (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  subject TEXT,
  plan TEXT NOT NULL,
  inputs TEXT NOT NULL,
  seed TEXT NOT NULL,
  versions TEXT NOT NULL CHECK (versions IS NULL OR json_valid(versions)),
  document TEXT NOT NULL CHECK (document IS NULL OR json_valid(document)),
  time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  actor TEXT NOT NULL,
  visibility INTEGER NOT NULL DEFAULT 0 CHECK (visibility BETWEEN 0 AND 2),
  shown INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX computed_subject ON computed (kind, subject, fid);
CREATE INDEX computed_closed ON computed (fid) WHERE visibility > 0 OR shown > 0;

CREATE TABLE decision (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  result TEXT NOT NULL,
  item TEXT NOT NULL DEFAULT '',
  standing TEXT NOT NULL CHECK (standing IN ('draft', 'reviewed', 'adopted', 'published', 'withdrawn')),
  instead TEXT,
  person TEXT NOT NULL CHECK (trim(person) <> ''),
  capacity TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (trim(reason) <> ''),
  date TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);
CREATE INDEX decision_result ON decision (result, item, fid);

-- Rules, priors, prices and lists as they stood when a result used them.
CREATE TABLE reference_file (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL
);

CREATE TRIGGER computed_is_append_only BEFORE DELETE ON computed
BEGIN SELECT RAISE(ABORT, 'computed results are append-only'); END;
CREATE TRIGGER computed_stays BEFORE UPDATE OF fid, id, kind, subject, plan, inputs, seed, versions, document, time, actor ON computed
BEGIN SELECT RAISE(ABORT, 'computed results are append-only'); END;
CREATE TRIGGER computed_closes AFTER UPDATE OF visibility ON computed WHEN NEW.visibility > NEW.shown
BEGIN UPDATE computed SET shown = NEW.visibility WHERE fid = NEW.fid; END;
CREATE TRIGGER decision_is_append_only BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER reference_file_stays BEFORE UPDATE ON reference_file
BEGIN SELECT RAISE(ABORT, 'reference files that results used are kept as they were'); END;
CREATE TRIGGER reference_file_is_kept BEFORE DELETE ON reference_file
BEGIN SELECT RAISE(ABORT, 'reference files that results used are kept as they were'); END;
