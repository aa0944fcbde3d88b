#include "firmware/slots/slot_state.hpp"

#include <cassert>
#include <limits>

namespace riverlight::firmware {
namespace {

SlotState with(const SlotState& state, SystemSlot slot, SlotRecord record, SystemSlot first) {
    assert(state.generation < std::numeric_limits<std::int32_t>::max());
    auto next = state;
    ++next.generation;
    next.first = first;
    next.slots.at(static_cast<std::size_t>(slot)) = record;
    return next;
}

constexpr std::array all_trusts{SlotTrust::empty, SlotTrust::unsure, SlotTrust::sure, SlotTrust::failed};
constexpr std::array all_faults{SlotFault::none, SlotFault::starts_used, SlotFault::root_damaged,
                                SlotFault::did_not_play, SlotFault::unknown};

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(std::string_view text, const std::array<Enum, N>& all) {
    for (const auto value : all)
        if (to_text(value) == text) return value;
    return std::nullopt;
}

}  // namespace

SystemSlot other_slot(SystemSlot slot) {
    return slot == SystemSlot::a ? SystemSlot::b : SystemSlot::a;
}

std::string_view to_text(SystemSlot slot) {
    switch (slot) {
        case SystemSlot::a:
            return "A";
        case SystemSlot::b:
            return "B";
    }
    return {};
}

std::string_view to_text(SlotTrust trust) {
    switch (trust) {
        case SlotTrust::empty:
            return "empty";
        case SlotTrust::unsure:
            return "unsure";
        case SlotTrust::sure:
            return "sure";
        case SlotTrust::failed:
            return "failed";
    }
    return {};
}

std::string_view to_text(SlotFault fault) {
    switch (fault) {
        case SlotFault::none:
            return "none";
        case SlotFault::starts_used:
            return "starts-used";
        case SlotFault::root_damaged:
            return "root-damaged";
        case SlotFault::did_not_play:
            return "did-not-play";
        case SlotFault::unknown:
            return "unknown";
    }
    return {};
}

SlotState make_factory_state() {
    return {1, SystemSlot::a, {SlotRecord{SlotTrust::sure}, SlotRecord{}}};
}

SlotState make_lost_state(SystemSlot running) {
    return {1, running, {SlotRecord{SlotTrust::unsure}, SlotRecord{SlotTrust::unsure}}};
}

std::optional<SystemSlot> parse_slot(std::string_view text) {
    return parse_name(text, all_slots);
}

std::optional<SlotTrust> parse_slot_trust(std::string_view text) {
    return parse_name(text, all_trusts);
}

SlotFault parse_slot_fault(std::string_view text) {
    return parse_name(text, all_faults).value_or(SlotFault::unknown);
}

bool may_install(const SlotState& state, SystemSlot target) {
    return state.of(other_slot(target)).trust == SlotTrust::sure;
}

SlotState begin_install(const SlotState& state, SystemSlot target) {
    return with(state, target, {SlotTrust::empty}, other_slot(target));
}

SlotState finish_install(const SlotState& state, SystemSlot target) {
    return with(state, target, {SlotTrust::unsure}, target);
}

SlotState confirm_slot(const SlotState& state, SystemSlot running) {
    auto next = with(state, running, {SlotTrust::sure}, running);
    const auto left = other_slot(running);
    if (state.first == left && state.of(left).trust == SlotTrust::unsure)
        next.slots.at(static_cast<std::size_t>(left)) = {SlotTrust::failed, SlotFault::starts_used};
    return next;
}

std::optional<SlotState> settle_start(const std::optional<SlotState>& state, SystemSlot running) {
    if (!state) return make_lost_state(running);
    const bool left = state->first != running && state->of(state->first).trust == SlotTrust::unsure;
    if (left && state->of(running).trust == SlotTrust::sure) return confirm_slot(*state, running);
    return std::nullopt;
}

std::optional<SlotState> give_up_slot(const SlotState& state, SystemSlot slot, SlotFault fault) {
    assert(fault != SlotFault::none);
    if (state.of(slot).trust == SlotTrust::failed) return std::nullopt;
    return with(state, slot, {SlotTrust::failed, fault}, other_slot(slot));
}

}  // namespace riverlight::firmware
