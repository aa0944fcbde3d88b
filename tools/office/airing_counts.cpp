#include "tools/office/airing_counts.hpp"

#include <utility>

namespace riverlight::office {

AiringCounts::AiringCounts(SQLite::Database& db)
    : subjects_(db),
      find_(db,
            "SELECT day, country, board, campaign, segment, locale, assessed, overclaims, doubt FROM airing "
            "WHERE id=?"),
      add_(db,
           "INSERT INTO airing_count VALUES(?1,?2,?4,?5,?6,?7,?8) ON CONFLICT(day, country, subject, status, "
           "overclaims, doubt) DO UPDATE SET count=count+excluded.count"),
      add_of_board_(
          db,
          "INSERT INTO board_airing_count VALUES(?3,?1,?2,?4,?5,?6,?7,?8) ON CONFLICT(board, day, country, "
          "subject, status, overclaims, doubt) DO UPDATE SET count=count+excluded.count") {}

void AiringCounts::will_change(std::int64_t id) {
    if (changed_.insert(id).second) add(id, -1);
}

void AiringCounts::add(std::int64_t id, int sign) {
    find_.bind(1, id);
    if (find_.executeStep()) {
        const auto text = [&](int column) { return find_.getColumn(column).getString(); };
        change_[{text(0), text(1), text(2), subjects_.id_of({text(3), text(4), text(5)}), text(6),
                 find_.getColumn(7).getInt(), text(8)}] += sign;
    }
    find_.reset();
}

void AiringCounts::finish() {
    for (const auto id : std::exchange(changed_, {})) add(id, 1);
    for (const auto& [key, count] : std::exchange(change_, {})) {
        if (count == 0) continue;
        const auto& [day, country, board, subject, status, overclaims, doubt] = key;
        for (auto* q : {&add_, &add_of_board_}) {
            q->bind(1, day);
            q->bind(2, country);
            q->bind(3, board);
            q->bind(4, subject);
            q->bind(5, status);
            q->bind(6, overclaims);
            q->bind(7, doubt);
            q->bind(8, count);
            q->exec();
            q->reset();
        }
    }
}

}  // namespace riverlight::office
