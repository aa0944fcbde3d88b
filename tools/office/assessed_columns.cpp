#include "tools/office/assessed_columns.hpp"

#include <optional>
#include <string>
#include <vector>

#include "content/airing/shown.hpp"
#include "content/airing/start_check.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono;

/// A row of the table `start`. Only starts of one boot by one clock state can contradict each other.
struct StoredStart {
    std::int64_t id = 0;
    std::string board, boot, clock;
    content::ClockedStart start;

    [[nodiscard]] bool is_beside(const StoredStart& other) const {
        return board == other.board && boot == other.boot && clock == other.clock;
    }
};
constexpr auto columns = "SELECT id, board, boot, clock, monotonic_us, at_us, error_ms FROM start ";

std::int64_t count_of(MonotonicTime at) {
    return at.time_since_epoch().count();
}

StoredStart row_of(SQLite::Statement& q) {
    StoredStart row{q.getColumn(0).getInt64(),
                    q.getColumn(1).getString(),
                    q.getColumn(2).getString(),
                    q.getColumn(3).getString(),
                    {}};
    row.start.monotonic = MonotonicTime{microseconds{q.getColumn(4).getInt64()}};
    row.start.at = Instant{microseconds{q.getColumn(5).getInt64()}};
    if (!q.getColumn(6).isNull()) row.start.error = milliseconds{q.getColumn(6).getInt64()};
    return row;
}

std::optional<StoredStart> find(SQLite::Database& db, std::int64_t id) {
    SQLite::Statement q(db, std::string(columns) + "WHERE id=?");
    q.bind(1, id);
    if (!q.executeStep()) return {};
    return row_of(q);
}

std::optional<StoredStart> beside(SQLite::Database& db, const StoredStart& row, const char* condition) {
    SQLite::Statement q(
        db, std::string(columns) + "WHERE board=? AND boot=? AND clock=? AND monotonic_us" + condition);
    q.bind(1, row.board);
    q.bind(2, row.boot);
    q.bind(3, row.clock);
    q.bind(4, count_of(row.start.monotonic));
    if (!q.executeStep()) return {};
    return row_of(q);
}

std::optional<StoredStart> start_before(SQLite::Database& db, const StoredStart& row) {
    return beside(db, row, "<? ORDER BY monotonic_us DESC LIMIT 1");
}

std::optional<StoredStart> start_after(SQLite::Database& db, const StoredStart& row) {
    return beside(db, row, ">? ORDER BY monotonic_us LIMIT 1");
}

void set_off(SQLite::Database& db, std::int64_t id, const std::optional<milliseconds>& off) {
    SQLite::Statement q(db, "UPDATE start SET off_ms=?1 WHERE id=?2 AND off_ms IS NOT ?1");
    if (off) q.bind(1, static_cast<std::int64_t>(off->count()));
    q.bind(2, id);
    q.exec();
}

void check(SQLite::Database& db, const StoredStart& row) {
    std::optional<milliseconds> off;
    if (const auto before = start_before(db, row)) off = contradiction(row.start, before->start);
    if (!off)
        if (const auto after = start_after(db, row)) off = contradiction(row.start, after->start);
    set_off(db, row.id, off);
}

}  // namespace

AssessedColumns::AssessedColumns(SQLite::Database& db)
    : db_(db),
      assess_(db, "UPDATE airing SET assessed=?, length_ms=?, shown_ms=?, overclaims=? WHERE id=?"),
      add_start_(db, "INSERT INTO start VALUES(?,?,?,?,?,?,?,NULL)") {}

void AssessedColumns::add(std::int64_t id, const content::AiringRecord& record) {
    const auto found = content::assess(record);
    assess_.bind(1, std::string(found.status ? to_text(*found.status) : ""));
    assess_.bind(2, static_cast<std::int64_t>(found.length.count()));
    assess_.bind(3, static_cast<std::int64_t>(found.shown.count()));
    assess_.bind(4, found.overclaims ? 1 : 0);
    assess_.bind(5, id);
    assess_.exec();
    assess_.reset();
    const auto start = content::clocked_start(record);
    if (!start) return;
    add_start_.bind(1, id);
    add_start_.bind(2, record.board);
    add_start_.bind(3, record.boot_id);
    add_start_.bind(4, std::string(to_text(record.clock)));
    add_start_.bind(5, count_of(start->monotonic));
    add_start_.bind(6, static_cast<std::int64_t>(start->at.time_since_epoch().count()));
    if (start->error)
        add_start_.bind(7, static_cast<std::int64_t>(start->error->count()));
    else
        add_start_.bind(7);
    add_start_.exec();
    add_start_.reset();
}

void AssessedColumns::check_beside(std::int64_t id) {
    const auto row = find(db_, id);
    if (!row) return;
    check(db_, *row);
    for (const auto& other : {start_before(db_, *row), start_after(db_, *row)})
        if (other) check(db_, *other);
}

void check_all_starts(SQLite::Database& db) {
    std::vector<std::pair<std::int64_t, milliseconds>> found;
    std::optional<StoredStart> before;
    bool off_before = false;  // `before` contradicts the start in front of it
    SQLite::Statement q(db, std::string(columns) + "ORDER BY board, boot, clock, monotonic_us, id");
    while (q.executeStep()) {
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
