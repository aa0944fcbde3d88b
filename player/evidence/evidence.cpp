#include "player/evidence/evidence.hpp"

namespace riverlight::player {

Evidence evidence_between(const Evidence& before, const Evidence& after) {
    auto grown = after;
    for (auto& [name, measurement] : grown) {
        auto* const count = std::get_if<std::int64_t>(&measurement);
        const auto earlier = before.find(name);
        if (!count || earlier == before.end()) continue;
        if (const auto* const from = std::get_if<std::int64_t>(&earlier->second)) *count -= *from;
    }
    return grown;
}

std::string to_text(const Measurement& measurement) {
    if (const auto* const count = std::get_if<std::int64_t>(&measurement)) return std::to_string(*count);
    return std::get<std::string>(measurement);
}

std::map<std::string, std::string> to_text(const Evidence& evidence) {
    std::map<std::string, std::string> texts;
    for (const auto& [name, measurement] : evidence) texts[name] = to_text(measurement);
    return texts;
}

}  // namespace riverlight::player
