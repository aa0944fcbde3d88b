-- Format 9: what was done to the records as a whole.
CREATE TABLE pruned(
  at TEXT COLLATE "C" NOT NULL, before TEXT COLLATE "C" NOT NULL, records BIGINT NOT NULL, PRIMARY KEY(at));
CREATE TABLE restored(
  at TEXT COLLATE "C" NOT NULL, made TEXT COLLATE "C" NOT NULL, size BIGINT NOT NULL, had BIGINT,
  PRIMARY KEY(at));
