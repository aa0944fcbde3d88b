#include "tools/office/alarm_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {

void AlarmStore::add(const AlarmRow& alarm) {
    if (db_.text("SELECT '1' FROM alarm WHERE board=? AND text=? AND at>?",
                 {alarm.board, alarm.text, to_rfc3339(alarm.at - std::chrono::hours(24))}))
        return;
    db_.run("INSERT INTO alarm(at, board, text) VALUES(?,?,?)",
            {to_rfc3339(alarm.at), alarm.board, alarm.text});
}

std::vector<AlarmRow> AlarmStore::since(Instant since, std::size_t count) const {
    std::vector<AlarmRow> rows;
    auto q = db_.query("SELECT at, board, text FROM alarm WHERE at>? ORDER BY id DESC LIMIT ?",
                       {to_rfc3339(since), static_cast<std::int64_t>(count)});
    while (q.next()) rows.push_back({from_rfc3339(q.text(0)).value_or(Instant{}), q.text(1), q.text(2)});
    return rows;
}

}  // namespace riverlight::office
