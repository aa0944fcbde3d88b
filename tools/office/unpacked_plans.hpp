#pragma once
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "tools/office/figures/promise.hpp"

namespace riverlight::office {

/// A day's plan, with its promises by id.
class UnpackedPlan {
  public:
    explicit UnpackedPlan(KeptPlan plan);
    ~UnpackedPlan() = default;
    UnpackedPlan(const UnpackedPlan&) = delete;
    UnpackedPlan& operator=(const UnpackedPlan&) = delete;
    UnpackedPlan(UnpackedPlan&&) = delete;
    UnpackedPlan& operator=(UnpackedPlan&&) = delete;

    [[nodiscard]] const KeptPlan& plan() const { return plan_; }
    /// Null: it promises nothing by that id.
    [[nodiscard]] const Promise* find(std::string_view id) const;

  private:
    KeptPlan plan_;
    std::unordered_map<std::string_view, const Promise*> by_id_;  ///< refers to the plan
};

/// The plans that were used last, unpacked. A board uploads records of one day all day long, and to work out
/// a plan's ids costs more than to store a record. One thread.
class UnpackedPlans {
  public:
    /// So many promises are kept, about 0.3 kB each.
    explicit UnpackedPlans(std::size_t most_promises = 200'000) : most_promises_(most_promises) {}

    /// The plan in these bytes (packed_plan.hpp); null if they cannot be read. Unpacks it only if the bytes
    /// are others than the last time. Shared, since whoever uses a plan may outlast its place here.
    [[nodiscard]] std::shared_ptr<const UnpackedPlan> of(const std::string& place,
                                                         std::chrono::local_days day,
                                                         std::string_view packed);

  private:
    using Key = std::pair<std::string, std::chrono::local_days>;
    struct Known {
        Key key;
        std::string packed;
        std::shared_ptr<const UnpackedPlan> plan;
    };
    void forget(std::list<Known>::iterator known);

    std::size_t most_promises_;
    std::size_t promises_ = 0;
    std::list<Known> known_;  ///< what was used last comes first
    std::map<Key, std::list<Known>::iterator> by_key_;
};

}  // namespace riverlight::office
