#include "tools/publisher/keyring.hpp"

#include <algorithm>
#include <filesystem>

namespace riverlight::publisher {

namespace fs = std::filesystem;

KeyRing::KeyRing(const std::string& folder, AskPassphrase ask) : folder_(folder), ask_(std::move(ask)) {
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
        if (entry.path().extension() != ".key") continue;
        const auto stem = entry.path().stem().string();
        const auto dot = stem.find('.');
        const auto path = entry.path().string();
        keys_.push_back({path, stem.substr(0, dot), dot == stem.npos ? "" : stem.substr(dot + 1),
                         SigningKey::read_public_hex(path)});
    }
    std::sort(keys_.begin(), keys_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

bool KeyRing::holds(const std::string& public_hex) const {
    return std::any_of(keys_.begin(), keys_.end(), [&](const auto& k) { return k.public_hex == public_hex; });
}

std::optional<std::string> KeyRing::sign(const std::string& public_hex, std::string_view message) {
    const auto held =
        std::find_if(keys_.begin(), keys_.end(), [&](const auto& k) { return k.public_hex == public_hex; });
    if (held == keys_.end()) return {};
    auto open = open_.find(public_hex);
    if (open == open_.end()) open = open_.emplace(public_hex, SigningKey::load(held->path, ask_)).first;
    return open->second.sign(message);
}

}  // namespace riverlight::publisher
