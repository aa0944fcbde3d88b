#pragma once
#include <memory>
#include <string>
#include <vector>

#include "firmware/config/sync_config.hpp"
#include "firmware/nearby/media_server.hpp"
#include "firmware/nearby/neighbours.hpp"

namespace riverlight::firmware {

/// Exchange of media with boards in the same network, as far as [nearby] enables it: serves this board's
/// media, and finds other boards. Owner: the daemon's loop thread; the servers have threads of their own.
class NearbySharing {
  public:
    /// `media`: folder of the store's media. Throws Error naming the address if the media cannot be served.
    NearbySharing(const NearbyConfig& config, const std::string& place, const std::string& media);

    /// Boards that serve media (Neighbours::found). Any thread.
    [[nodiscard]] std::vector<std::string> found() const;

  private:
    std::unique_ptr<MediaServer> server_;     ///< null: nothing is served
    std::unique_ptr<Neighbours> neighbours_;  ///< null: nothing is announced or looked for
};

}  // namespace riverlight::firmware
