#include "firmware/journal/journal_state.hpp"

namespace riverlight::firmware {

std::size_t Journal::take_over(const Journal& other) {
    auto& s = *state_;
    const auto theirs = other.state();
    if (theirs.board != s.board)
        throw Error(other.state_->file.path() + ": is the journal of board '" + theirs.board + "', not of '" +
                    s.board + "'; nothing was copied");
    const auto mark = content::taken_over_key(theirs.epoch);
    constexpr std::size_t chunk = 500;
    std::size_t taken = 0;
    for (;;) {
        const auto before = note(mark);
        auto records = other.read(before.empty() ? 1 : std::stoll(before) + 1, chunk);
        if (records.empty()) return taken;
        taken += records.size();
        s.guarded([&] {
            SQLite::Transaction transaction(s.file.db());
            s.file.set_note(mark, std::to_string(records.back().seq));
            for (auto& record : records) {
                record.evidence.try_emplace(content::evidence_journal_before, record.hash);
                s.append(std::move(record));
            }
            s.commit(transaction);
        });
    }
}

}  // namespace riverlight::firmware
