-- What people decide, and what has to be known besides the state: small, by kind and name.
CREATE TABLE record (
    kind  TEXT NOT NULL,
    name  TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

-- What happened, line by line: never changed.
CREATE TABLE note (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    log      TEXT NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
CREATE INDEX note_by_log ON note (log, sequence);
