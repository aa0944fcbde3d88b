#include "tools/office/sums_check.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "tools/office/database.hpp"
#include "tools/office/day_sums.hpp"
#include "tools/office/plan_rows.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;
using Sums = std::map<Subject, Counted::Sum>;
using Reasons = std::map<std::pair<bool, std::string>, int>;

/// The sums that are kept of a place's day; those of nothing are left out.
Sums kept_sums(const Database& db, const std::string& place, const std::string& day) {
    Sums out;
    auto q = db.query(
        "SELECT campaign, segment, locale, aired, partly, missed, silent, waived, filler, unplanned, due_ms, "
        "shown_ms, filler_ms, unplanned_ms, silent_ms FROM day_sum JOIN subject ON subject.id=subject WHERE "
        "day=? AND place=?",
        {day, place});
    while (q.next()) {
        Counted::Sum sum;
        auto& t = sum.tally;
        int i = 3;
        for (auto* count : {&t.aired, &t.partly, &t.missed, &t.silent, &t.waived, &t.filler, &t.unplanned})
            *count = static_cast<int>(q.integer(i++));
        for (auto* time : {&t.due_time, &t.shown, &t.filler_time, &t.unplanned_time, &sum.silent_time})
            *time = milliseconds{q.integer(i++)};
        out[{q.text(0), q.text(1), q.text(2)}] = sum;
    }
    return out;
}

Reasons kept_reasons(const Database& db, const std::string& place, const std::string& day) {
    Reasons out;
    auto q = db.query("SELECT silent, reason, count FROM day_reason WHERE day=? AND place=? AND count<>0",
                      {day, place});
    while (q.next()) out[{q.flag(0), q.text(1)}] = static_cast<int>(q.integer(2));
    return out;
}

bool is_same(Sums a, Sums b) {
    const auto is_nothing = [](const auto& one) {
        return one.second.tally == Tally{} && one.second.silent_time == milliseconds{};
    };
    std::erase_if(a, is_nothing);
    std::erase_if(b, is_nothing);
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        const bool is_same_subject = !(x.first < y.first) && !(y.first < x.first);
        return is_same_subject && x.second.tally == y.second.tally &&
               x.second.silent_time == y.second.silent_time;
    });
}

void check_day(const Database& db, const StoredDay& stored, std::vector<CheckFinding>& findings) {
    const auto& place = stored.facts.place;
    const auto day = to_iso(stored.facts.day);
    const auto counted = count_from_records(db, stored);
    if (!is_same(counted.sums, kept_sums(db, place, day)))
        findings.push_back({CheckFault::sum, place + " on " + day,
                            "the sums of the day are not what its plan and records give"});
    if (counted.reasons != kept_reasons(db, place, day))
        findings.push_back({CheckFault::sum, place + " on " + day,
                            "the reasons of the day are not what its plan and records give"});
}

/// Rows of a query that says where two ways to count differ: `where` is its first column.
void check_counts(const Database& db, CheckFault fault, const std::string& table, const std::string& sql,
                  std::vector<CheckFinding>& findings) {
    auto q = db.scan(sql);
    while (q.next()) findings.push_back({fault, table + ", " + q.text(0), "is not what was counted again"});
}

/// By keys: what is kept, less what is counted again from the airings.
std::string differences(const std::string& table, const std::string& keys, const std::string& of_airing) {
    return "SELECT MIN(day), " + keys + " FROM (SELECT " + keys + ", count FROM " + table +
           " UNION ALL SELECT " + of_airing +
           ", -1 FROM airing JOIN subject USING(campaign, segment, locale)) AS both_ways GROUP BY " + keys +
           " HAVING SUM(count)<>0";
}

constexpr std::array sum_columns{"aired",     "partly", "missed",   "silent",    "waived",       "filler",
                                 "unplanned", "due_ms", "shown_ms", "filler_ms", "unplanned_ms", "silent_ms"};

/// Countries' sums, less those of their places.
std::string country_differences() {
    std::string kept, taken, any;
    for (const std::string name : sum_columns) {
        kept += ", " + name;
        taken += ", -" + name;
        any += (any.empty() ? "SUM(" : " OR SUM(") + name + ")<>0";
    }
    return "SELECT day, country, subject FROM (SELECT day, country, subject" + kept +
           " FROM country_sum UNION ALL SELECT day, country, subject" + taken +
           " FROM day_sum JOIN place_day USING(day, place)) AS both_ways GROUP BY 1, 2, 3 HAVING " + any;
}

}  // namespace

void check_sums(const Database& db, std::vector<CheckFinding>& findings) {
    auto days = db.scan("SELECT place, day FROM place_day JOIN kept_plan USING(place, day) ORDER BY 1, 2");
    while (days.next()) {
        const auto day = date_from_iso(days.text(1));
        const auto stored = day ? read_day(db, days.text(0), *day) : std::nullopt;
        if (stored)
            check_day(db, *stored, findings);
        else
            findings.push_back({CheckFault::sum, days.text(0) + " on " + days.text(1),
                                "the plan of the day cannot be read: nothing is counted from it"});
    }
    check_counts(db, CheckFault::sum, "country_sum", country_differences(), findings);
    check_counts(db, CheckFault::count, "airing_count",
                 differences("airing_count", "day, country, subject, status, overclaims, doubt",
                             "day, country, subject.id, assessed, overclaims, doubt"),
                 findings);
    check_counts(db, CheckFault::count, "board_airing_count",
                 differences("board_airing_count", "board, day, country, subject, status, overclaims, doubt",
                             "board, day, country, subject.id, assessed, overclaims, doubt"),
                 findings);
}

}  // namespace riverlight::office
