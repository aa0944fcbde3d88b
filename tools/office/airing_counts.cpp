#include "tools/office/airing_counts.hpp"

#include <utility>

#include "tools/office/database.hpp"

namespace riverlight::office {

namespace {

constexpr auto add_to_all =
    "INSERT INTO airing_count VALUES(?1,?2,?4,?5,?6,?7,?8) ON CONFLICT(day, country, subject, status, "
    "overclaims, doubt) DO UPDATE SET count=airing_count.count+excluded.count";
constexpr auto add_to_board =
    "INSERT INTO board_airing_count VALUES(?3,?1,?2,?4,?5,?6,?7,?8) ON CONFLICT(board, day, country, "
    "subject, status, overclaims, doubt) DO UPDATE SET count=board_airing_count.count+excluded.count";

}  // namespace

void AiringCounts::will_change(std::int64_t id) {
    if (changed_.insert(id).second) add(id, -1);
}

void AiringCounts::add(std::int64_t id, int sign) {
    auto row = db_.query(
        "SELECT day, country, board, campaign, segment, locale, assessed, overclaims, doubt FROM airing "
        "WHERE "
        "id=?",
        {id});
    if (!row.next()) return;
    const auto subject = subjects_.id_of({row.text(3), row.text(4), row.text(5)});
    change_[{row.text(0), row.text(1), row.text(2), subject, row.text(6), row.flag(7), row.text(8)}] += sign;
}

void AiringCounts::finish() {
    for (const auto id : std::exchange(changed_, {})) add(id, 1);
    for (const auto& [key, count] : std::exchange(change_, {})) {
        if (count == 0) continue;
        const auto& [day, country, board, subject, status, overclaims, doubt] = key;
        for (const auto* sql : {add_to_all, add_to_board})
            db_.run(sql, {day, country, board, subject, status, overclaims ? 1 : 0, doubt, count});
    }
}

}  // namespace riverlight::office
