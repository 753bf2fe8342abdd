-- Observations that are not yet part of the state. AUTOINCREMENT: a place is never used twice.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    bytes BLOB NOT NULL
) STRICT;

-- The state that was folded last: up to which entry, and its bytes in pieces.
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    upto INTEGER NOT NULL
) STRICT;

CREATE TABLE state_piece (
    number INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
