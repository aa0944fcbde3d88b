-- Format 10: airings that were chosen are listed day by day, whatever they are chosen by (airing_list.hpp).
DROP INDEX airing_country;
DROP INDEX airing_locale;
DROP INDEX airing_campaign;
DROP INDEX airing_segment;
DROP INDEX airing_board;
DROP INDEX airing_not_aired;
DROP INDEX airing_overclaims;
DROP INDEX airing_doubt;
CREATE INDEX airing_country ON airing(country, day, at, id);
CREATE INDEX airing_locale ON airing(locale, day, at, id);
CREATE INDEX airing_campaign ON airing(campaign, day, at, id);
CREATE INDEX airing_segment ON airing(segment, day, at, id);
CREATE INDEX airing_board ON airing(board, day, at, id);
CREATE INDEX airing_not_aired ON airing(assessed, day, at, id) WHERE assessed<>'aired';
CREATE INDEX airing_overclaims ON airing(day, at, id) WHERE overclaims=1;
CREATE INDEX airing_doubt ON airing(day, at, id) WHERE doubt<>'';

-- A board looks for hashes of its own alone: what comes together stands together.
DROP INDEX airing_hash;
CREATE INDEX airing_hash ON airing(board, hash);

-- A subject's days.
DROP INDEX airing_count_subject;
CREATE INDEX airing_count_subject ON airing_count(subject, day);
