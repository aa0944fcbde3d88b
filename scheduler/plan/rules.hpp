#pragma once
#include <optional>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// Keeps segments apart: the same one, those that share a topic, those made for children from rated ones.
/// Between two airings the larger of their two distances counts, in both directions, so that what is laid
/// down first binds what comes before it as well. Within one run nothing is kept apart.
class Rules {
  public:
    explicit Rules(const Day& day);
    /// A takeover's airings bind what comes after them by what that asks for.
    void add(std::uint32_t claim, const Item& item, Tick start, Tick end);
    void remove(std::uint32_t claim, const Item& item, Tick start);

    struct Refusal {
        Obstacle why{};
        std::uint32_t by = 0;  ///< the claim that stands in the way
        Tick again = 0;        ///< the first later tick at which this obstacle is gone
    };
    /// Nothing where the item may start at `at` and be on for `length`.
    [[nodiscard]] std::optional<Refusal> refuses(std::uint32_t claim, const Item& item, Tick at,
                                                 Tick length) const;

  private:
    struct Entry {
        Tick start = 0, end = 0;
        Tick distance = 0;
        std::uint32_t claim = 0;
    };
    using Line = std::vector<Entry>;  ///< by start
    static void insert(Line& line, const Entry& entry);
    static void erase(Line& line, Tick start, std::uint32_t claim);
    [[nodiscard]] std::optional<Refusal> near(const Line& line, std::uint32_t claim, Tick at, Tick own,
                                              Tick widest, Obstacle why) const;
    [[nodiscard]] std::optional<Refusal> touches(const Line& line, std::uint32_t claim, Tick at,
                                                 Tick length) const;
    [[nodiscard]] bool same_run(std::uint32_t a, std::uint32_t b) const;

    const Day* day_;
    std::vector<Line> segments_, topics_;
    Line children_, rated_;
    Tick longest_ = 0;  ///< of children's and rated segments
};

}  // namespace riverlight::scheduler
