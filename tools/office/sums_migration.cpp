#include "tools/office/sums_migration.hpp"

#include <spdlog/spdlog.h>

#include <vector>

#include "content/airing/record.hpp"
#include "content/base/error.hpp"
#include "tools/office/database.hpp"
#include "tools/office/day_sums.hpp"
#include "tools/office/figures/packed_plan.hpp"
#include "tools/office/plan_rows.hpp"
#include "tools/office/report_rows.hpp"

namespace riverlight::office {
namespace {

constexpr int days_at_once = 100;

/// `silent` lists the promises of which nothing was heard: those whose end is not over are upcoming, and only
/// of days that have not ended it is read.
constexpr auto tables = R"sql(
CREATE TABLE place_day(place TEXT NOT NULL, day TEXT NOT NULL, release TEXT NOT NULL, country TEXT NOT NULL,
  name TEXT NOT NULL, zone TEXT NOT NULL, began TEXT NOT NULL, ended TEXT NOT NULL, since TEXT NOT NULL,
  last_end_us INTEGER NOT NULL, knows_kinds INTEGER NOT NULL, PRIMARY KEY(place, day)) WITHOUT ROWID;
CREATE INDEX place_day_day ON place_day(day, country);
CREATE INDEX place_day_earlier ON place_day(day) WHERE zone='' OR knows_kinds=0;
CREATE TABLE kept_plan(place TEXT NOT NULL, day TEXT NOT NULL, packed BLOB NOT NULL,
  PRIMARY KEY(place, day)) WITHOUT ROWID;
CREATE TABLE subject(id INTEGER PRIMARY KEY, campaign TEXT NOT NULL, segment TEXT NOT NULL, locale TEXT NOT NULL,
  UNIQUE(campaign, segment, locale));
CREATE TABLE day_sum(day TEXT NOT NULL, place TEXT NOT NULL, subject INTEGER NOT NULL, aired INTEGER NOT NULL,
  partly INTEGER NOT NULL, missed INTEGER NOT NULL, silent INTEGER NOT NULL, waived INTEGER NOT NULL,
  filler INTEGER NOT NULL, unplanned INTEGER NOT NULL, due_ms INTEGER NOT NULL, shown_ms INTEGER NOT NULL,
  filler_ms INTEGER NOT NULL, unplanned_ms INTEGER NOT NULL, silent_ms INTEGER NOT NULL,
  PRIMARY KEY(day, place, subject)) WITHOUT ROWID;
CREATE TABLE country_sum(day TEXT NOT NULL, country TEXT NOT NULL, subject INTEGER NOT NULL,
  aired INTEGER NOT NULL, partly INTEGER NOT NULL, missed INTEGER NOT NULL, silent INTEGER NOT NULL,
  waived INTEGER NOT NULL, filler INTEGER NOT NULL, unplanned INTEGER NOT NULL, due_ms INTEGER NOT NULL,
  shown_ms INTEGER NOT NULL, filler_ms INTEGER NOT NULL, unplanned_ms INTEGER NOT NULL,
  silent_ms INTEGER NOT NULL, PRIMARY KEY(day, country, subject)) WITHOUT ROWID;
CREATE TABLE day_reason(day TEXT NOT NULL, place TEXT NOT NULL, silent INTEGER NOT NULL, reason TEXT NOT NULL,
  count INTEGER NOT NULL, PRIMARY KEY(day, place, silent, reason)) WITHOUT ROWID;
CREATE TABLE silent(day TEXT NOT NULL, place TEXT NOT NULL, end_us INTEGER NOT NULL, airing TEXT NOT NULL,
  subject INTEGER NOT NULL, length_ms INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(day, place, end_us, airing)) WITHOUT ROWID;
CREATE TABLE airing_count(day TEXT NOT NULL, country TEXT NOT NULL, subject INTEGER NOT NULL,
  status TEXT NOT NULL, overclaims INTEGER NOT NULL, doubt TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(day, country, subject, status, overclaims, doubt)) WITHOUT ROWID;
CREATE INDEX airing_count_subject ON airing_count(subject);
CREATE TABLE board_airing_count(board TEXT NOT NULL, day TEXT NOT NULL, country TEXT NOT NULL,
  subject INTEGER NOT NULL, status TEXT NOT NULL, overclaims INTEGER NOT NULL, doubt TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(board, day, country, subject, status, overclaims, doubt)) WITHOUT ROWID;
CREATE TABLE time_span(id INTEGER PRIMARY KEY, place TEXT NOT NULL, is_gap INTEGER NOT NULL,
  from_us INTEGER NOT NULL, until_us INTEGER NOT NULL);
CREATE INDEX time_span_place ON time_span(place, until_us);
)sql";

/// Airings are listed by `at`, whatever they are chosen by: a page is the next rows of one of these.
constexpr auto indexes = R"sql(
DROP INDEX IF EXISTS airing_day;
DROP INDEX IF EXISTS airing_place;
DROP INDEX IF EXISTS airing_locale;
DROP INDEX IF EXISTS airing_campaign;
DROP INDEX IF EXISTS airing_segment;
DROP INDEX IF EXISTS airing_doubt;
CREATE INDEX airing_day ON airing(place, day, airing);
CREATE INDEX airing_country ON airing(country, at);
CREATE INDEX airing_locale ON airing(locale, at);
CREATE INDEX airing_campaign ON airing(campaign, at);
CREATE INDEX airing_segment ON airing(segment, at);
CREATE INDEX airing_board ON airing(board, at);
CREATE INDEX airing_not_aired ON airing(assessed, at) WHERE assessed<>'aired';
CREATE INDEX airing_overclaims ON airing(at) WHERE overclaims=1;
CREATE INDEX airing_doubt ON airing(at) WHERE doubt<>'';
CREATE INDEX airing_doubt_beside ON airing(board, outlet) WHERE doubt<>'';
)sql";

/// What was counted of rows that are there. Airings that a time fix moved stand where it moved them.
constexpr auto counts = R"sql(
UPDATE airing SET at=(SELECT started FROM placed WHERE placed.id=airing.id) WHERE id IN (SELECT id FROM placed);
INSERT INTO subject(campaign, segment, locale) SELECT DISTINCT campaign, segment, locale FROM airing;
INSERT INTO airing_count SELECT day, country, subject.id, assessed, overclaims, doubt, count(*) FROM airing
  JOIN subject USING(campaign, segment, locale) GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO board_airing_count SELECT board, day, country, subject.id, assessed, overclaims, doubt, count(*)
  FROM airing JOIN subject USING(campaign, segment, locale) GROUP BY 1, 2, 3, 4, 5, 6, 7;
)sql";

void find_time_spans(Database& db) {
    auto q = db.query(
        "SELECT id, json FROM airing WHERE airing GLOB 'unplanned-time-gap-*' OR json LIKE "
        "'%\"failed_airings\"%'");
    while (q.next()) {
        const auto id = q.integer(0);
        try {
            const auto record = content::parse_record(q.text(1), "airing");
            if (const auto span = time_span_of(record)) add_time_span(db, id, record.place, *span);
        } catch (const Error&) {  // it is in doubt, and counts nowhere
        }
    }
}

/// A day as format 6 has it; one that cannot be read keeps its text.
struct DayBefore {
    DayFacts facts;
    std::string release, json;
};
std::vector<DayBefore> days_behind(Database& db, const DayFacts& last) {
    auto q = db.query(
        "SELECT place, day, country, name, zone, began, ended, since, release, json FROM plan "
        "WHERE (place, day)>(?, ?) ORDER BY place, day LIMIT ?",
        {last.place, last.place.empty() ? std::string() : to_iso(last.day), days_at_once});
    std::vector<DayBefore> out;
    while (q.next()) out.push_back({facts_in(q), q.text(8), q.text(9)});
    return out;
}

void keep(Database& db, const DayBefore& day, DaySums& sums) {
    try {
        const StoredDay stored{day.facts, read_kept_plan(day.json), !day.release.empty()};
        write_day(db, stored);
        sums.count(stored);
    } catch (const Error& e) {
        spdlog::warn("office.db: the plan of {} on {} cannot be read ({})", day.facts.place,
                     to_iso(day.facts.day), e.what());
        write_day(db, {day.facts, {day.release, {}, {}}, !day.release.empty()});
        db.run("UPDATE kept_plan SET packed=? WHERE place=? AND day=?",
               {day.json, day.facts.place, to_iso(day.facts.day)});
    }
}

void pack_all(Database& db) {
    DaySums sums(db);
    for (DayFacts last;;) {
        const auto days = days_behind(db, last);
        if (days.empty()) return;
        for (const auto& day : days) keep(db, day, sums);
        last = days.back().facts;
    }
}

}  // namespace

void add_sums(Database& db) {
    db.run_all(tables);
    db.run_all(indexes);
    db.run_all(counts);
    find_time_spans(db);
    pack_all(db);
    db.run_all("DROP TABLE plan");
}

}  // namespace riverlight::office
