#include "firmware/slots/choose.hpp"

namespace riverlight::firmware {

SlotChoice choose_slot(const std::optional<SlotState>& state, const StartCount& count, bool can_count) {
    auto counted = count;
    const auto generation = state ? state->generation : 0;
    if (counted.generation != generation) counted = {generation, 0, counted.last};
    const auto first = state ? state->first : SystemSlot::a;
    if (state)
        for (const auto slot : {first, other_slot(first)}) {
            const auto trust = state->of(slot).trust;
            if (trust == SlotTrust::sure) return {slot, count};
            if (trust == SlotTrust::unsure && counted.starts < starts_of_unsure_slot && can_count) {
                ++counted.starts;
                return {slot, counted};
            }
        }
    const auto slot = counted.last ? other_slot(*counted.last) : first;
    if (!can_count) return {slot, count};
    counted.last = slot;
    return {slot, counted};
}

}  // namespace riverlight::firmware
