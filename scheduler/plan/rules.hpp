#pragma once
#include <map>

#include "scheduler/plan/resolve.hpp"

namespace riverlight::scheduler {

/// Keeps segments apart. Between two airings the larger of their two distances counts, between starts, in
/// both directions, so that what is placed first (hard starts) binds what comes before it as well.
class Separation {
  public:
    void add(const Resolved& by, const content::Manifest& segment, Instant start);
    [[nodiscard]] bool allows(const Resolved& by, const content::Manifest& segment, Instant start) const;

  private:
    struct Aired {
        const content::Manifest* segment = nullptr;
        std::chrono::seconds same{}, topic{};
    };
    std::multimap<Instant, Aired> aired_;
    std::chrono::seconds widest_{};  ///< no distance seen so far is larger
};

}  // namespace riverlight::scheduler
