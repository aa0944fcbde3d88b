#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "content/airing/time_fix.hpp"
#include "content/base/crypto.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/journal_log.hpp"
#include "tools/fleet/simulated_board.hpp"

namespace riverlight::test {

using namespace std::chrono_literals;

/// A fleet's simulated board with the daemon's own journal. It keeps its own book of what really aired.
class JournalledBoard {
  public:
    using ProgrammeNow = std::function<std::shared_ptr<const firmware::Programme>(Instant now)>;
    /// What really became of a planned airing, by what the board did.
    struct Truth {
        std::set<std::string> whole, in_part;  ///< ids of airings that aired by their plan
        int fillers = 0;                       ///< of those, whole
    };
    /// `folder` lasts; `programme`: what the board has from a moment on.
    JournalledBoard(const std::string& folder, const std::string& id, std::string place, char seed,
                    ProgrammeNow programme)
        : place_(std::move(place)),
          key_(SigningKey::from_seed_hex(std::string(64, seed))),
          journal_(folder + '/' + id + seed + ".db", id),
          board_({id, place_, std::move(programme), [this]() -> firmware::AiringLog& { return begin_log(); },
                  [this](const fleet::Deed& deed) { note(deed); }, static_cast<std::uint32_t>(seed)}) {}

    [[nodiscard]] const std::string& id() const { return journal_.board(); }
    [[nodiscard]] const std::string& place() const { return place_; }
    [[nodiscard]] const SigningKey& key() const { return key_; }
    [[nodiscard]] const Truth& truth() const { return truth_; }
    [[nodiscard]] firmware::Journal& journal() { return journal_; }
    void set_in_service_since(Instant since) { board_.set_in_service_since(since); }

    /// One boot, which ends in a power cut. By a wrong clock, `behind` and never set, until `fixed`.
    void run(Instant from, Instant until, std::chrono::seconds behind = 0s, Instant fixed = {}) {
        board_.start(from, behind, fixed);
        board_.cut_power(until);
    }

  private:
    firmware::AiringLog& begin_log() {
        journal_.close_interrupted("the power went");
        return log_.emplace(journal_, "screen");
    }
    void note(const fleet::Deed& deed) {
        if (deed.began && content::is_off_plan(deed.planned.start, *deed.began)) return;
        const bool is_whole = deed.status == content::AiringStatus::aired;
        if (is_whole) truth_.whole.insert(deed.planned.id);
        if (deed.status == content::AiringStatus::truncated) truth_.in_part.insert(deed.planned.id);
        truth_.fillers += is_whole && deed.planned.kind == scheduler::BookingKind::filler;
    }

    std::string place_;
    SigningKey key_;
    firmware::Journal journal_;
    std::optional<firmware::JournalLog> log_;
    Truth truth_;
    fleet::SimulatedBoard board_;  ///< last: it calls the others
};

}  // namespace riverlight::test
