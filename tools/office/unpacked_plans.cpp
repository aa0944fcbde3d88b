#include "tools/office/unpacked_plans.hpp"

#include <spdlog/spdlog.h>

#include <iterator>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "tools/office/figures/packed_plan.hpp"

namespace riverlight::office {

UnpackedPlan::UnpackedPlan(KeptPlan plan) : plan_(std::move(plan)) {
    by_id_.reserve(plan_.promises.size());
    for (const auto& promise : plan_.promises) by_id_.emplace(promise.id, &promise);
}

const Promise* UnpackedPlan::find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

std::shared_ptr<const UnpackedPlan> UnpackedPlans::of(const std::string& place, std::chrono::local_days day,
                                                      std::string_view packed) {
    if (const auto found = by_key_.find({place, day}); found != by_key_.end()) {
        if (found->second->packed == packed) {
            known_.splice(known_.begin(), known_, found->second);
            return found->second->plan;
        }
        forget(found->second);
    }
    try {
        auto plan = std::make_shared<const UnpackedPlan>(unpack_plan(packed, place, day));
        known_.push_front({{place, day}, std::string(packed), plan});
        by_key_[known_.front().key] = known_.begin();
        promises_ += plan->plan().promises.size();
        while (promises_ > most_promises_ && known_.size() > 1) forget(std::prev(known_.end()));
        return plan;
    } catch (const Error& e) {  // it ends no page
        spdlog::error("the plan of {} on {} cannot be read ({})", place, to_iso(day), e.what());
        return nullptr;
    }
}

void UnpackedPlans::forget(std::list<Known>::iterator known) {
    promises_ -= known->plan->plan().promises.size();
    by_key_.erase(known->key);
    known_.erase(known);
}

}  // namespace riverlight::office
