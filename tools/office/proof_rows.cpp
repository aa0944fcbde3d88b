#include "tools/office/proof_rows.hpp"

#include <algorithm>

#include "content/base/plain_text.hpp"
#include "tools/office/plan_rows.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

/// `seq` and its neighbours, as they stand in the list of all records.
constexpr auto rows_of_span =
    "SELECT t.seq, t.idx, COALESCE(a.hash, c.hash, ''), COALESCE(a.json, ''), COALESCE(a.country, ''), "
    "COALESCE(a.doubt, '') FROM tree_entry t LEFT JOIN airing a USING(board, epoch, seq) LEFT JOIN "
    "carried_over c "
    "USING(board, epoch, seq) WHERE t.board=? AND t.epoch=? AND t.seq BETWEEN ? AND ? ORDER BY t.seq";

/// Of a place: what is filed under its days, and what speaks of their time.
constexpr auto spans_of_place =
    "SELECT board, epoch, MIN(seq), MAX(seq) FROM (SELECT board, epoch, seq FROM airing WHERE place=?1 AND "
    "day "
    "BETWEEN ?2 AND ?3 UNION ALL SELECT board, epoch, seq FROM time_span JOIN airing USING(id) WHERE "
    "time_span.place=?1 AND from_us<?5 AND until_us>?4) AS found GROUP BY board, epoch ORDER BY board, epoch";

constexpr auto fixes_of_span =
    "SELECT MAX(seq) FROM airing WHERE board=?1 AND epoch=?2 AND substr(airing, 1, 16)='unplanned-clock-' "
    "AND boot IN "
    "(SELECT "
    "DISTINCT boot FROM airing WHERE board=?1 AND epoch=?2 AND seq BETWEEN ?3 AND ?4)";

std::int64_t count_of(Instant at) {
    return at.time_since_epoch().count();
}

}  // namespace

std::vector<std::string> ProofRows::heads() {
    std::vector<std::string> out;
    auto q = db_.query("SELECT json FROM tree_head ORDER BY day");
    while (q.next()) out.push_back(q.text(0));
    return out;
}

std::vector<proof::PlaceLine> ProofRows::places(const Days& days, const std::string& country) {
    std::vector<proof::PlaceLine> out;
    auto q = db_.query(
        "SELECT place, MAX(name), MAX(country) FROM place_day WHERE day BETWEEN ? AND ? GROUP BY place ORDER "
        "BY "
        "place",
        {to_iso(days.first), to_iso(days.second)});
    while (q.next()) {
        auto of_place = q.text(2);
        if (!country.empty() && of_place != country) continue;
        out.push_back({q.text(0), plain_text(q.text(1), 250), std::move(of_place), false});
    }
    return out;
}

std::map<Subject, Tally> ProofRows::figures(const std::string& place, const std::string& day) {
    std::map<Subject, Tally> out;
    auto q = db_.query(
        "SELECT campaign, segment, locale, aired, partly, missed, silent, waived, filler, unplanned, due_ms, "
        "shown_ms, filler_ms, unplanned_ms FROM day_sum JOIN subject ON subject.id=subject WHERE day=? AND "
        "place=?",
        {day, place});
    while (q.next()) {
        Tally t;
        int i = 3;
        for (auto* count : {&t.aired, &t.partly, &t.missed, &t.silent, &t.waived, &t.filler, &t.unplanned})
            *count = static_cast<int>(q.integer(i++));
        for (auto* time : {&t.due_time, &t.shown, &t.filler_time, &t.unplanned_time})
            *time = milliseconds{q.integer(i++)};
        if (t == Tally{}) continue;
        const auto text = [&](int column) { return plain_text(q.text(column), 2000); };
        out[{text(0), text(1), text(2)}] += t;
    }
    return out;
}

std::vector<proof::DayLine> ProofRows::days(const std::string& place, const Days& days) {
    std::vector<proof::DayLine> out;
    auto q =
        db_.query(std::string("SELECT ") + fact_columns +
                      ", packed FROM place_day LEFT JOIN kept_plan USING(place, day) WHERE place=? AND day "
                      "BETWEEN ? AND ? ORDER BY day",
                  {place, to_iso(days.first), to_iso(days.second)});
    while (q.next()) {
        const auto facts = facts_in(q);
        proof::DayLine day;
        day.day = facts.day;
        day.from = facts.from;
        day.until = facts.until;
        day.since = facts.since;
        day.plan = std::string(q.bytes(8));
        day.figures = figures(place, to_iso(facts.day));
        if (day.plan.empty())
            throw Error(db_.name + ": has no plan of " + place + " on " + to_iso(facts.day));
        out.push_back(std::move(day));
    }
    return out;
}

std::vector<proof::KeyLine> ProofRows::keys(const std::string& board) {
    std::vector<proof::KeyLine> out;
    auto q = db_.query(
        "SELECT public_key, place, enrolled FROM board_key WHERE board=? ORDER BY enrolled, public_key",
        {board});
    while (q.next())
        out.push_back({board, q.text(0), q.text(1), from_rfc3339(q.text(2)).value_or(Instant{})});
    return out;
}

void ProofRows::widen(RecordSpan& span) {
    span.first = std::max<std::int64_t>(1, span.first - 1);
    const auto reach = [&](std::optional<std::int64_t> seq) {
        span.last = std::max(span.last, seq.value_or(0));
    };
    reach(db_.integer(fixes_of_span, {span.board, span.epoch, span.first, span.last}));
    reach(db_.integer("SELECT MIN(seq) FROM tree_entry WHERE board=? AND epoch=? AND seq>?",
                      {span.board, span.epoch, span.last}));
    reach(db_.integer("SELECT MIN(last) FROM batch_signature WHERE board=? AND epoch=? AND last>=?",
                      {span.board, span.epoch, span.last}));
}

std::vector<RecordSpan> ProofRows::spans(const std::string& place, const std::vector<proof::DayLine>& days) {
    std::vector<RecordSpan> out;
    if (days.empty()) return out;
    {
        auto q = db_.query(spans_of_place, {place, to_iso(days.front().day), to_iso(days.back().day),
                                            count_of(days.front().from), count_of(days.back().until)});
        while (q.next()) out.push_back({q.text(0), q.text(1), q.integer(2), q.integer(3)});
    }
    for (auto& span : out) widen(span);
    return out;
}

void ProofRows::begin(const RecordSpan& span) {
    rows_.reset();
    rows_.emplace(db_.scan(rows_of_span, {span.board, span.epoch, span.first, span.last}));
}

std::optional<ProofRows::Row> ProofRows::next() {
    if (!rows_ || !rows_->next()) {
        rows_.reset();
        return std::nullopt;
    }
    const auto& q = *rows_;
    return Row{q.integer(0), static_cast<std::uint64_t>(q.integer(1)), q.text(2), q.text(3), q.text(4),
               q.text(5)};
}

std::optional<proof::SignatureLine> ProofRows::signature(const RecordSpan& span, std::int64_t last) {
    auto q = db_.query("SELECT first, signature FROM batch_signature WHERE board=? AND epoch=? AND last=?",
                       {span.board, span.epoch, last});
    if (!q.next()) return std::nullopt;
    return proof::SignatureLine{q.integer(0), last, q.text(1)};
}

}  // namespace riverlight::office
