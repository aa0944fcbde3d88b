#include "tools/office/figures/tally.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace riverlight::office {

using namespace std::chrono_literals;

std::string_view to_text(Outcome outcome) {
    switch (outcome) {
        case Outcome::aired:
            return "aired";
        case Outcome::partly:
            return "partly";
        case Outcome::missed:
            return "missed";
        case Outcome::silent:
            return "silent";
        case Outcome::upcoming:
            return "upcoming";
        case Outcome::waived:
            return "waived";
    }
    assert(false && "an outcome of the enumeration");
    return "";
}

int& Tally::of(Outcome outcome) {
    switch (outcome) {
        case Outcome::aired:
            return aired;
        case Outcome::partly:
            return partly;
        case Outcome::missed:
            return missed;
        case Outcome::silent:
            return silent;
        case Outcome::upcoming:
            return upcoming;
        case Outcome::waived:
            return waived;
    }
    assert(false && "an outcome of the enumeration");
    return waived;
}

Tally& Tally::operator+=(const Tally& other) {
    for (auto Tally::*count : {&Tally::aired, &Tally::partly, &Tally::missed, &Tally::silent,
                               &Tally::upcoming, &Tally::waived, &Tally::filler, &Tally::unplanned})
        this->*count += other.*count;
    for (auto Tally::*time : {&Tally::due_time, &Tally::shown, &Tally::filler_time, &Tally::unplanned_time})
        this->*time += other.*time;
    return *this;
}

std::optional<int> percent_aired(const Tally& tally) {
    if (tally.due() == 0) return std::nullopt;
    return static_cast<int>(std::int64_t{100} * tally.aired / tally.due());
}

std::optional<int> percent_shown(const Tally& tally) {
    if (tally.due_time <= 0ms) return std::nullopt;
    return static_cast<int>(std::clamp<std::int64_t>(100 * tally.shown / tally.due_time, 0, 100));
}

std::map<std::string, Tally> split_by(Split split, const std::map<Subject, Tally>& tallies) {
    const auto key_of = [&](const Subject& subject) -> const std::string& {
        switch (split) {
            case Split::campaign:
                return subject.campaign;
            case Split::segment:
                return subject.segment;
            case Split::locale:
                break;
        }
        return subject.locale;
    };
    std::map<std::string, Tally> out;
    for (const auto& [subject, tally] : tallies) out[key_of(subject)] += tally;
    return out;
}

}  // namespace riverlight::office
