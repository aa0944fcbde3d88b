#include "player/feed/profile.hpp"

#include <array>

#include "content/base/suggest.hpp"

namespace riverlight::player {
namespace {

constexpr std::array<Profile, 1> table{{
    {"720p25", {1280, 720, {25, 1}}, 4'000'000, 192'000, 5'000'000},
}};

}  // namespace

std::span<const Profile> profiles() {
    return table;
}

const Profile& profile_named(std::string_view name) {
    std::vector<std::string_view> known;
    std::string list;
    for (const auto& p : table) {
        if (p.name == name) return p;
        known.push_back(p.name);
        list += (list.empty() ? "" : ", ") + std::string(p.name);
    }
    throw Error("unknown profile '" + std::string(name) + "'; known: " + list + suggestion(name, known));
}

}  // namespace riverlight::player
