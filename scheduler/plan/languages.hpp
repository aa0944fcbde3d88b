#pragma once
#include <string_view>
#include <vector>

#include "scheduler/plan/draft.hpp"

namespace riverlight::scheduler {

/// Gives each airing of a booking a language, by largest remainder: after every play each language is within
/// one of its share, of the booking's plays and of each segment's.
class LanguageRotation {
  public:
    /// `day` must outlive it.
    explicit LanguageRotation(const Day& day);
    /// The language of the next airing, as an index into its booking's languages. Counts it.
    [[nodiscard]] std::size_t next(const DraftAiring& airing);

  private:
    struct Counts {
        std::int64_t plays = 0;
        std::vector<std::int64_t> by_language;
    };
    struct BookingCounts {
        std::int64_t shares = 0;  ///< of all its languages
        Counts all;
        std::vector<Counts> items, padding;
    };
    const Day& day_;
    std::vector<BookingCounts> bookings_;  ///< filled in at a booking's first airing
};

/// The locale that airs for a language of the place, as an index: the first of its preferences that is
/// cleared for all of [from, until), or else any other cleared locale that some viewers there understand.
/// Empty: none.
[[nodiscard]] std::string_view locale_of(const SegmentFacts& facts, std::size_t language, DayTime from,
                                         DayTime until);

}  // namespace riverlight::scheduler
