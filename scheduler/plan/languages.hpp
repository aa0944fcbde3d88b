#pragma once
#include <string_view>
#include <vector>

#include "scheduler/plan/draft.hpp"

namespace riverlight::scheduler {

/// The languages of a booking's airings in turn: after every play each is within one of its share, of the
/// booking's plays and of each segment's (largest remainder of both).
class Languages {
  public:
    explicit Languages(const Day& day);
    /// Of an airing that follows all those asked for before: an index among its claim's languages.
    [[nodiscard]] std::size_t next(const Draft& airing);

  private:
    struct Had {
        Tick plays = 0;
        std::vector<Tick> by_language;
    };
    struct Turns {
        Tick shares = 0;  ///< of all its languages
        Had all;
        std::vector<Had> items, padding;
    };
    const Day& day_;
    std::vector<Turns> claims_;
};

/// The locale that airs for a language of the place (an index among them): the first of its chain that is
/// cleared throughout. Empty: none.
[[nodiscard]] std::string_view locale_of(const SegmentFacts& facts, std::size_t language, Tick from,
                                         Tick until);

}  // namespace riverlight::scheduler
