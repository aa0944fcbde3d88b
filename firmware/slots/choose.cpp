#include "firmware/slots/choose.hpp"

namespace riverlight::firmware {
namespace {

/// Both slots are sure, and `first` is to start.
SlotChoice choose_of_two(SystemSlot first, StartCount count, StartMark arrived) {
    if (count.mark == StartMark::none || count.mark == arrived) {
        if (count.last == first) count.tries = 0;
        count.mark = arrived == StartMark::odd ? StartMark::even : StartMark::odd;
    }
    const bool used_up = count.tries >= tries_of_sure_slot;
    const auto slot = used_up ? other_slot(first) : first;
    // With one try less than all of them the next start is the first slot's again, and the one after that is
    // not.
    count.tries = used_up ? tries_of_sure_slot - 1 : count.tries + 1;
    count.last = slot;
    return {slot, count, true};
}

}  // namespace

std::string_view to_text(StartMark mark) {
    switch (mark) {
        case StartMark::none:
            return "";
        case StartMark::odd:
            return "odd";
        case StartMark::even:
            return "even";
    }
    return {};
}

SlotChoice choose_slot(const StartFacts& facts, const StartCount& count) {
    const auto& state = facts.state;
    auto counted = count;
    counted.generation = state ? state->generation : 0;
    if (counted.generation != count.generation) counted.starts = counted.tries = 0;
    const auto first = state ? state->first : SystemSlot::a;
    if (state)
        for (const auto slot : {first, other_slot(first)}) {
            const auto trust = state->of(slot).trust;
            if (trust == SlotTrust::sure) {
                const bool two = slot == first && state->of(other_slot(first)).trust == SlotTrust::sure;
                if (!two || !facts.can_count) return {slot, count};
                return choose_of_two(first, counted, facts.arrived);
            }
            if (trust == SlotTrust::unsure && counted.starts < starts_of_unsure_slot && facts.can_count) {
                ++counted.starts;
                return {slot, counted};
            }
        }
    const auto slot = counted.last ? other_slot(*counted.last) : first;
    if (!facts.can_count) return {slot, count};
    counted.last = slot;
    return {slot, counted};
}

}  // namespace riverlight::firmware
