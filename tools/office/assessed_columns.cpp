#include "tools/office/assessed_columns.hpp"

#include <optional>
#include <string>
#include <vector>

#include "content/airing/shown.hpp"
#include "content/airing/start_check.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono;

/// A row of the table `start`. Only starts of one boot by one clock state can contradict each other.
struct StoredStart {
    std::int64_t id = 0;
    std::string board, boot, clock;
    content::ClockedStart start;
    std::optional<milliseconds> off{};  ///< as it is stored

    [[nodiscard]] bool is_beside(const StoredStart& other) const {
        return board == other.board && boot == other.boot && clock == other.clock;
    }
};
constexpr auto columns = "SELECT id, board, boot, clock, monotonic_us, at_us, error_ms, off_ms FROM start ";

std::int64_t count_of(MonotonicTime at) {
    return at.time_since_epoch().count();
}

StoredStart row_of(const Rows& q) {
    StoredStart row{q.integer(0), q.text(1), q.text(2), q.text(3), {}};
    row.start.monotonic = MonotonicTime{microseconds{q.integer(4)}};
    row.start.at = Instant{microseconds{q.integer(5)}};
    if (!q.is_null(6)) row.start.error = milliseconds{q.integer(6)};
    if (!q.is_null(7)) row.off = milliseconds{q.integer(7)};
    return row;
}

std::optional<StoredStart> beside(const Database& db, const StoredStart& row, const char* condition) {
    auto q = db.query(std::string(columns) + "WHERE board=? AND boot=? AND clock=? AND monotonic_us" +
                          condition + " LIMIT 1",
                      {row.board, row.boot, row.clock, count_of(row.start.monotonic)});
    if (!q.next()) return std::nullopt;
    return row_of(q);
}

std::optional<StoredStart> start_before(const Database& db, const StoredStart& row) {
    return beside(db, row, "<? ORDER BY monotonic_us DESC");
}

std::optional<StoredStart> start_after(const Database& db, const StoredStart& row) {
    return beside(db, row, ">? ORDER BY monotonic_us");
}

void set_off(Database& db, std::int64_t id, const std::optional<milliseconds>& off) {
    db.run("UPDATE start SET off_ms=? WHERE id=?",
           {off ? SqlValue(std::int64_t{off->count()}) : SqlValue(nullptr), id});
}

void check(Database& db, const StoredStart& row, const std::optional<StoredStart>& before,
           const std::optional<StoredStart>& after) {
    std::optional<milliseconds> off;
    if (before) off = contradiction(row.start, before->start);
    if (!off && after) off = contradiction(row.start, after->start);
    if (off != row.off) set_off(db, row.id, off);
}

}  // namespace

void set_assessed(Database& db, std::int64_t id, const content::AiringRecord& record) {
    const auto found = content::assess(record);
    db.run("UPDATE airing SET assessed=?, length_ms=?, shown_ms=?, overclaims=? WHERE id=?",
           {found.status ? to_text(*found.status) : std::string_view(), std::int64_t{found.length.count()},
            std::int64_t{found.shown.count()}, found.overclaims ? 1 : 0, id});
}

void add_start(Database& db, std::int64_t id, const content::AiringRecord& record) {
    const auto start = content::clocked_start(record);
    if (!start) return;
    db.run("INSERT INTO start VALUES(?,?,?,?,?,?,?,NULL)",
           {id, record.board, record.boot_id, to_text(record.clock), count_of(start->monotonic),
            std::int64_t{start->at.time_since_epoch().count()},
            start->error ? SqlValue(std::int64_t{start->error->count()}) : SqlValue(nullptr)});
}

void check_starts_beside(Database& db, std::int64_t id, const content::AiringRecord& record) {
    const auto start = content::clocked_start(record);
    if (!start) return;
    const StoredStart row{id, record.board, record.boot_id, std::string(to_text(record.clock)), *start, {}};
    const auto before = start_before(db, row), after = start_after(db, row);
    check(db, row, before, after);
    if (before) check(db, *before, start_before(db, *before), row);
    if (after) check(db, *after, row, start_after(db, *after));
}

void check_all_starts(Database& db) {
    std::vector<std::pair<std::int64_t, milliseconds>> found;
    std::optional<StoredStart> before;
    bool off_before = false;  // `before` contradicts the start in front of it
    auto q = db.query(std::string(columns) + "ORDER BY board, boot, clock, monotonic_us, id");
    while (q.next()) {
        auto row = row_of(q);
        const bool together = before && row.is_beside(*before);
        const auto off = together ? contradiction(row.start, before->start) : std::nullopt;
        if (off) found.emplace_back(row.id, *off);
        if (off && !off_before) found.emplace_back(before->id, -*off);
        off_before = off.has_value();
        before = std::move(row);
    }
    for (const auto& [id, off] : found) set_off(db, id, off);
}

}  // namespace riverlight::office
