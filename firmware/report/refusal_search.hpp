#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// Finds the record for whose sake the office refuses a batch, so that the rest goes through. Pure.
namespace riverlight::firmware {

/// Which records a batch is to carry.
struct BatchPlan {
    enum class Kind : std::uint8_t {
        records,    ///< from `first` on, at most `count`
        set_aside,  ///< the hash of record `first` in its place
        /// Record `first` alone. It leaves a hole, so the office does not take it; by its receipt it says
        /// that it takes such records.
        trial,
    };
    Kind kind = Kind::records;
    std::int64_t first = 1;
    std::size_t count = 0;
    friend bool operator==(const BatchPlan&, const BatchPlan&) = default;
};

/// Refused batches are halved until one record is left; an office that names the record makes it short. That
/// record is set aside by its hash. An older office refuses that too; then the record behind
/// it is tried: an office that takes that one gets the rest in a new epoch without the record. An office that
/// refuses this as well refuses everything, and nothing is set aside.
class RefusalSearch {
  public:
    /// A board whose every record is refused must not set all of them aside: after so many in a row the
    /// office counts as one that refuses everything.
    static constexpr int most_in_a_row = 16;

    /// The next batch, when the office holds all up to `receipted`.
    [[nodiscard]] BatchPlan next(std::int64_t receipted, std::size_t most) const;

    enum class Verdict : std::uint8_t {
        search_on,    ///< next() differs from before; it may be sent at once
        new_epoch,    ///< the journal goes on in a new epoch behind suspect()
        all_refused,  ///< the office refuses whatever it gets: wait
    };
    /// The office refused the content of the batch `sent`, which ended with seq `last`. `named`: the record
    /// that its answer names, 0: none. `has_more`: the journal holds a record behind `last`. `why`: the
    /// office's words.
    [[nodiscard]] Verdict refused(const BatchPlan& sent, std::int64_t last, std::int64_t named, bool has_more,
                                  std::string why);
    /// The office answered `sent` with a receipt for all up to `held`. new_epoch or search_on.
    [[nodiscard]] Verdict accepted(const BatchPlan& sent, std::int64_t held);

    /// The record that is looked at, and what the office said about it.
    [[nodiscard]] std::int64_t suspect() const { return suspect_; }
    [[nodiscard]] const std::string& why() const { return why_; }

  private:
    [[nodiscard]] Verdict give_up();
    [[nodiscard]] Verdict suspect(std::int64_t seq);

    enum class Step : std::uint8_t { whole, smaller, set_aside, trial };
    Step step_ = Step::whole;
    std::size_t count_ = 0;     ///< of records in a smaller batch
    std::int64_t until_ = 0;    ///< last record of the batch that was refused first
    std::int64_t suspect_ = 0;  ///< 0: none yet
    std::string why_;
    int in_a_row_ = 0;  ///< set aside since the office took a record
};

}  // namespace riverlight::firmware
