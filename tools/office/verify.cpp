#include "tools/office/verify.hpp"

#include "content/airing/record.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

/// Rows by board, epoch and seq; what is held by its hash alone has no record.
constexpr auto rows =
    "SELECT board, epoch, seq, hash, json, place, airing, campaign, segment, status FROM airing UNION ALL "
    "SELECT board, epoch, seq, hash, NULL, '', '', '', '', '' FROM carried_over ORDER BY 1, 2, 3";

/// Whether a row holds the record that its board wrote, behind the one with the hash `previous`.
bool is_as_written(SQLite::Statement& q, const std::string& previous) {
    const auto text = [&](int column) { return q.getColumn(column).getString(); };
    if (q.getColumn(4).isNull()) return true;
    try {
        const auto r = content::parse_record(text(4), "record");
        return r.board == text(0) && r.epoch == text(1) && r.seq == q.getColumn(2).getInt64() &&
               r.hash == text(3) && r.hash == content::record_hash(r) && r.previous == previous &&
               r.place == text(5) && content::record_id(r) == text(6) && r.campaign == text(7) &&
               r.segment == text(8) && std::string(r.status ? content::to_text(*r.status) : "") == text(9);
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

std::vector<ChainFault> verify_records(const std::string& folder) {
    const Database database(folder + "/office.db");
    return database.guarded([&] {
        std::vector<ChainFault> faults;
        ChainFault now;  // the epoch that is read, and how far it is
        std::string previous;
        SQLite::Statement q(database.db, rows);
        while (q.executeStep()) {
            const auto board = q.getColumn(0).getString(), epoch = q.getColumn(1).getString();
            if (board != now.board || epoch != now.epoch) {
                now = {board, epoch, 0};
                previous = content::first_previous(board, epoch);
            }
            if (!faults.empty() && faults.back().board == board && faults.back().epoch == epoch) continue;
            ++now.seq;
            if (q.getColumn(2).getInt64() != now.seq || !is_as_written(q, previous)) faults.push_back(now);
            previous = q.getColumn(3).getString();
        }
        return faults;
    });
}

}  // namespace riverlight::office
