-- Format 9. What was done to the records as a whole:
CREATE TABLE pruned(at TEXT NOT NULL, before TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY(at)) WITHOUT ROWID;
CREATE TABLE restored(at TEXT NOT NULL, made TEXT NOT NULL, size INTEGER NOT NULL, had INTEGER,
  PRIMARY KEY(at)) WITHOUT ROWID;

-- What several offices share that have the same records: failed tries of passwords and claim codes, by a hash of who tried.
CREATE TABLE failure(id INTEGER PRIMARY KEY, guesser TEXT NOT NULL, at_us INTEGER NOT NULL);
CREATE INDEX failure_guesser ON failure(guesser, at_us);
CREATE INDEX failure_at ON failure(at_us);
-- Places whose days the leader is to plan again.
CREATE TABLE place_to_plan(place TEXT PRIMARY KEY) WITHOUT ROWID;
-- The public keys whose offices sign for these records.
CREATE TABLE signing_key(public_key TEXT PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID;

-- Airings that were chosen are listed day by day, whatever they are chosen by (airing_list.hpp).
DROP INDEX airing_country;
DROP INDEX airing_locale;
DROP INDEX airing_campaign;
DROP INDEX airing_segment;
DROP INDEX airing_board;
DROP INDEX airing_not_aired;
DROP INDEX airing_overclaims;
DROP INDEX airing_doubt;
CREATE INDEX airing_country ON airing(country, day, at);
CREATE INDEX airing_locale ON airing(locale, day, at);
CREATE INDEX airing_campaign ON airing(campaign, day, at);
CREATE INDEX airing_segment ON airing(segment, day, at);
CREATE INDEX airing_board ON airing(board, day, at);
CREATE INDEX airing_not_aired ON airing(assessed, day, at) WHERE assessed<>'aired';
CREATE INDEX airing_overclaims ON airing(day, at) WHERE overclaims=1;
CREATE INDEX airing_doubt ON airing(day, at) WHERE doubt<>'';

-- A board looks for hashes of its own alone: what comes together stands together.
DROP INDEX airing_hash;
CREATE INDEX airing_hash ON airing(board, hash);

-- A subject's days.
DROP INDEX airing_count_subject;
CREATE INDEX airing_count_subject ON airing_count(subject, day);
