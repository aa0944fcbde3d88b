#include "firmware/update/update_step.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace riverlight::firmware {
namespace {

using S = content::UpdateState;
using E = UpdateStep;

constexpr std::array<UpdateTransition, 49> transitions{{
    {S::none, E::nothing, S::none},
    {S::none, E::lack, S::wanted},
    {S::none, E::part, S::fetching},
    {S::none, E::whole, S::ready},
    {S::none, E::settled, S::none},
    {S::none, E::written, S::restart_due},  // by an earlier run of the daemon, or by hand
    {S::none, E::unproved, S::unsure},

    {S::wanted, E::nothing, S::none},
    {S::wanted, E::lack, S::wanted},
    {S::wanted, E::part, S::fetching},
    {S::wanted, E::whole, S::ready},
    {S::wanted, E::settled, S::wanted},
    {S::wanted, E::written, S::restart_due},
    {S::wanted, E::unproved, S::unsure},

    {S::fetching, E::nothing, S::none},
    {S::fetching, E::lack, S::wanted},  // media took its room
    {S::fetching, E::part, S::fetching},
    {S::fetching, E::whole, S::ready},
    {S::fetching, E::settled, S::fetching},
    {S::fetching, E::written, S::restart_due},
    {S::fetching, E::unproved, S::unsure},

    {S::ready, E::nothing, S::none},
    {S::ready, E::lack, S::wanted},
    {S::ready, E::part, S::fetching},  // a newer version
    {S::ready, E::whole, S::ready},
    {S::ready, E::begin, S::installing},
    {S::ready, E::settled, S::ready},
    {S::ready, E::written, S::restart_due},
    {S::ready, E::unproved, S::unsure},

    {S::installing, E::nothing, S::installing},  // what has begun ends
    {S::installing, E::lack, S::installing},
    {S::installing, E::part, S::installing},
    {S::installing, E::whole, S::installing},
    {S::installing, E::done, S::restart_due},
    {S::installing, E::refused, S::none},
    {S::installing, E::settled, S::installing},  // the other slot is empty now
    {S::installing, E::written, S::installing},  // the installer's answer follows

    {S::restart_due, E::nothing, S::restart_due},  // it starts with the next power cut anyway
    {S::restart_due, E::lack, S::restart_due},
    {S::restart_due, E::part, S::restart_due},
    {S::restart_due, E::whole, S::restart_due},
    {S::restart_due, E::settled, S::none},
    {S::restart_due, E::written, S::restart_due},

    {S::unsure, E::nothing, S::unsure},  // nothing is installed beside a slot that is not sure
    {S::unsure, E::lack, S::unsure},
    {S::unsure, E::part, S::unsure},
    {S::unsure, E::whole, S::unsure},
    {S::unsure, E::settled, S::none},
    {S::unsure, E::unproved, S::unsure},
}};

}  // namespace

std::span<const UpdateTransition> update_transitions() {
    return transitions;
}

std::optional<S> next_state(S from, E step) {
    const auto* const found = std::find_if(transitions.begin(), transitions.end(),
                                           [&](const auto& t) { return t.from == from && t.step == step; });
    if (found == transitions.end()) return {};
    return found->to;
}

std::string_view to_text(E step) {
    switch (step) {
        case E::nothing:
            return "nothing";
        case E::lack:
            return "lack";
        case E::part:
            return "part";
        case E::whole:
            return "whole";
        case E::begin:
            return "begin";
        case E::done:
            return "done";
        case E::refused:
            return "refused";
        case E::settled:
            return "settled";
        case E::written:
            return "written";
        case E::unproved:
            return "unproved";
    }
    assert(false && "a step of the enumeration");
    return "?";
}

}  // namespace riverlight::firmware
