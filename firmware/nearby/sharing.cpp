#include "firmware/nearby/sharing.hpp"

#include <spdlog/spdlog.h>

#include "firmware/nearby/avahi.hpp"

namespace riverlight::firmware {

NearbySharing::NearbySharing(const NearbyConfig& config, const std::string& place, const std::string& media) {
    if (!config.serve.empty()) {
        server_ = std::make_unique<MediaServer>(config.serve, media, config.bytes_per_second);
        spdlog::info("media for boards nearby on port {}", server_->port());
    }
    if (!server_ && !config.find) return;
    neighbours_ = std::make_unique<AvahiNeighbours>(
        AvahiSetup{place, server_ ? std::optional(server_->port()) : std::nullopt, config.find,
                   [](const std::string& message) { spdlog::warn("{}", message); }});
}

std::vector<std::string> NearbySharing::found() const {
    return neighbours_ ? neighbours_->found() : std::vector<std::string>{};
}

}  // namespace riverlight::firmware
