#include "tools/office/alarm_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {

void AlarmStore::add(const AlarmRow& alarm) {
    if (db_.text("SELECT '1' FROM alarm WHERE board=? AND text=? AND at>?",
                 {alarm.board, alarm.text, to_rfc3339(alarm.at - std::chrono::hours(24))}))
        return;
    db_.run("INSERT INTO alarm VALUES(NULL,?,?,?)", {to_rfc3339(alarm.at), alarm.board, alarm.text});
}

std::vector<AlarmRow> AlarmStore::since(Instant since, std::size_t count) const {
    return db_.guarded([&] {
        std::vector<AlarmRow> rows;
        SQLite::Statement q(db_.db, "SELECT at, board, text FROM alarm WHERE at>? ORDER BY id DESC LIMIT ?");
        q.bind(1, to_rfc3339(since));
        q.bind(2, static_cast<std::int64_t>(count));
        while (q.executeStep())
            rows.push_back({from_rfc3339(q.getColumn(0).getString()).value_or(Instant{}),
                            q.getColumn(1).getString(), q.getColumn(2).getString()});
        return rows;
    });
}

}  // namespace riverlight::office
