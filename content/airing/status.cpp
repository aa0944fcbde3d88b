#include "content/airing/status.hpp"

#include <cassert>

namespace riverlight::content {

std::string_view to_text(AiringStatus status) {
    switch (status) {
        case AiringStatus::aired:
            return "aired";
        case AiringStatus::truncated:
            return "truncated";
        case AiringStatus::substituted:
            return "substituted";
        case AiringStatus::skipped:
            return "skipped";
        case AiringStatus::failed:
            return "failed";
        case AiringStatus::interrupted:
            return "interrupted";
    }
    assert(false && "no airing status");
    return {};
}

std::optional<AiringStatus> parse_airing_status(std::string_view text) {
    for (const auto status : every_airing_status)
        if (to_text(status) == text) return status;
    return std::nullopt;
}

bool counts_as_play(AiringStatus status) {
    switch (status) {
        case AiringStatus::aired:
        case AiringStatus::truncated:
        case AiringStatus::substituted:
            return true;
        case AiringStatus::skipped:
        case AiringStatus::failed:
        case AiringStatus::interrupted:
            return false;
    }
    assert(false && "no airing status");
    return false;
}

std::string_view to_text(ClockState state) {
    switch (state) {
        case ClockState::floor:
            return "floor";
        case ClockState::unsynchronised:
            return "unsynchronised";
        case ClockState::synchronised:
            return "synchronised";
    }
    assert(false && "no clock state");
    return {};
}

std::optional<ClockState> parse_clock_state(std::string_view text) {
    for (const auto state : {ClockState::floor, ClockState::unsynchronised, ClockState::synchronised})
        if (to_text(state) == text) return state;
    return std::nullopt;
}

}  // namespace riverlight::content
