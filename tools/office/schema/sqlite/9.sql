-- Format 9: what was done to the records as a whole.
CREATE TABLE pruned(at TEXT NOT NULL, before TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY(at)) WITHOUT ROWID;
CREATE TABLE restored(at TEXT NOT NULL, made TEXT NOT NULL, size INTEGER NOT NULL, had INTEGER,
  PRIMARY KEY(at)) WITHOUT ROWID;
