#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>

#include "player/source/source.hpp"

/// Where a player's frames go.
namespace riverlight::player {

class Outlet {
  public:
    virtual ~Outlet() = default;
    /// Frame number `frame` and its sound. Throws Error when the outlet is lost for good (a full disk); a
    /// receiver that is away is no error.
    virtual void show(const Picture& picture, std::span<const float> samples, std::int64_t frame) = 0;
    /// Ends it in order: files whole, last datagrams sent.
    virtual void finish() = 0;
    /// Its own proof of what left it.
    [[nodiscard]] virtual std::map<std::string, std::string> evidence() const { return {}; }
    /// True where the person in front of it asked to close it.
    [[nodiscard]] virtual bool closed() { return false; }
};

/// What an outlet needs of the system besides a screen or a loudspeaker.
struct OutletNeeds {
    bool network = false;
    std::string folder;  ///< where it writes its files; empty: nowhere
};
[[nodiscard]] OutletNeeds needs_of(const std::string& spec);

struct OutletOptions {
    std::string spec;     ///< capture:DIR | null | window | file:PATH.ts | udp://host:port
    std::string profile;  ///< of feeds; empty: 720p25
    std::string state;    ///< a feed's memory across restarts; empty: none
    Instant now{};        ///< when the first frame will leave
};
/// The beat of the outlet that `options` ask for.
[[nodiscard]] Format format_of(const OutletOptions& options);
/// Throws Error naming the spec, what is wrong and the known kinds.
[[nodiscard]] std::unique_ptr<Outlet> make_outlet(const OutletOptions& options);

[[nodiscard]] std::unique_ptr<Outlet> make_capture(const std::string& folder, const Format& format);
[[nodiscard]] std::unique_ptr<Outlet> make_window(const Format& format);
[[nodiscard]] std::unique_ptr<Outlet> make_feed(const OutletOptions& options);

}  // namespace riverlight::player
