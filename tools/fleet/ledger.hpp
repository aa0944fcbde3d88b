#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "content/segment/country.hpp"
#include "tools/fleet/simulated_board.hpp"

/// The fleet's own book of what really aired, as far as the office has been told. It follows from what the
/// simulated boards did, not from their records.
namespace riverlight::fleet {

/// What aired of one planned airing, or did not, in few bytes: a week of ten thousand boards is millions.
struct LedgerEntry {
    std::uint64_t airing = 0;  ///< first half of the planned airing's id
    Instant began{};           ///< in true time; the epoch: it was never on
    std::int32_t shown_ms = 0, on_air_ms = 0;
    std::uint32_t subject = 0;  ///< LedgerSubjects' number
    content::AiringStatus status{};
    bool is_off_plan = false;  ///< by a wrong clock: it is not the airing that was planned
};
[[nodiscard]] std::uint64_t ledger_id(const std::string& airing);

struct LedgerSubject {
    std::string booking, campaign, segment, locale;
    friend bool operator<(const LedgerSubject& a, const LedgerSubject& b) {
        return std::tie(a.booking, a.campaign, a.segment, a.locale) <
               std::tie(b.booking, b.campaign, b.segment, b.locale);
    }
};

/// Numbers for subjects. Safe from any thread.
class LedgerSubjects {
  public:
    [[nodiscard]] std::uint32_t number_of(const LedgerSubject& subject);
    [[nodiscard]] LedgerSubject at(std::uint32_t number) const;

  private:
    mutable std::mutex mutex_;  ///< guards the rest; mutable so that at() can lock it
    std::map<LedgerSubject, std::uint32_t> numbers_;
    std::vector<LedgerSubject> subjects_;
};

/// One place's part of the ledger. One thread at a time.
class PlaceLedger {
  public:
    PlaceLedger(LedgerSubjects& subjects, std::string zone) : subjects_(&subjects), zone_(std::move(zone)) {}

    /// Two devices tell of one outlet from now on: of what both say was on at the same time the office
    /// believes what it hears first.
    void expect_twins() { has_twins_ = true; }
    /// The office has been told of it. Calls come in the order in which it was.
    void note(const Deed& deed);
    /// What was told of a broadcast day of this place, by the office's own filing: a planned airing's day, or
    /// the day on which something off its plan aired.
    [[nodiscard]] const std::vector<LedgerEntry>& day(std::chrono::local_days day) const;

    [[nodiscard]] std::int64_t lies(Lie lie) const { return lies_.at(static_cast<std::size_t>(lie)); }
    [[nodiscard]] std::int64_t not_believed() const { return not_believed_; }  ///< of a second device

  private:
    [[nodiscard]] bool was_taken(const std::vector<LedgerEntry>& told, const LedgerEntry& entry) const;

    LedgerSubjects* subjects_;
    std::string zone_;
    bool has_twins_ = false;
    std::map<std::chrono::local_days, std::vector<LedgerEntry>> days_;
    std::array<std::int64_t, lie_count> lies_{};
    std::int64_t not_believed_ = 0;
};

}  // namespace riverlight::fleet
