#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "player/cue/output_spec.hpp"
#include "player/source/source.hpp"

/// Where a player's frames go.
namespace riverlight::player {

/// What a feed calls itself (EN 300 468: SDT, NIT), UTF-8, 1…99 bytes each.
struct FeedNames {
    std::string service = "Riverlight", provider = "Riverlight", network = "Riverlight";
    std::string local_time;  ///< `THA+07:00`: a country and its offset from UTC (TOT); empty: not said
};

class Outlet {
  public:
    virtual ~Outlet() = default;
    /// Frame number `frame` and its sound. Throws Error when the outlet is lost for good (a full disk); a
    /// receiver that is away is no error.
    virtual void show(const Picture& picture, std::span<const float> samples, std::int64_t frame) = 0;
    /// True: puts texts over the picture by itself, and takes both apart.
    [[nodiscard]] virtual bool lays_texts() const { return false; }
    /// Of such an outlet, in place of show(): `piece` with its texts, over `picture`, which is its own or the
    /// slate's.
    virtual void show_apart(const std::shared_ptr<const Picture>&, const Piece&, std::int64_t) {
        throw Error("this outlet takes whole pictures");
    }
    /// Frame number `frame` as a rendition has it; only of outlets whose open() gives coded pieces.
    virtual void splice(const CodedFrame&, std::int64_t) { throw Error("this outlet takes no coded frames"); }
    /// By how many frames it wants to be ahead of the clock, and how long after its start the first is seen.
    struct Lead {
        int frames = 0;
        std::chrono::microseconds delay{};
    };
    [[nodiscard]] virtual Lead lead() const { return {}; }
    /// Before each frame: it is put in at `due` and will be seen at `seen`, by the wall clock as it stands
    /// now.
    virtual void follow(std::int64_t /*frame*/, std::chrono::steady_clock::time_point /*due*/,
                        Instant /*seen*/) {}
    /// Of an outlet that keeps the time itself (a display): when that frame is seen. show() then waits until
    /// there is room for it. Nothing: the player's loop keeps the time.
    [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> due(std::int64_t) const {
        return {};
    }
    /// A coded frame as a picture, where it is one by itself.
    [[nodiscard]] virtual std::optional<Picture> preview(const CodedFrame&) const { return {}; }
    /// What is wrong with what left it; empty: nothing.
    [[nodiscard]] virtual std::string alarm() const { return {}; }
    /// Its outputs one by one; empty where it is no feed.
    [[nodiscard]] virtual std::vector<OutputState> outputs() const { return {}; }
    /// What a feed's guide says from now on.
    virtual void guide(const Guide&) {}
    /// Frames [first, first + frames) are the partner's to fill, which it is told before.
    virtual void avail(std::int64_t /*event*/, std::int64_t /*first*/, std::int64_t /*frames*/) {}
    /// A display is switched off, or on again.
    virtual void panel(bool /*on*/) {}
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
    std::vector<std::string> write;    ///< folders it writes to, which are made if they are not there
    std::vector<std::string> read;     ///< files it reads
    std::vector<std::string> devices;  ///< under /dev
    std::vector<std::string> list;     ///< folders whose names it reads, and nothing in them
};

struct OutletOptions {
    std::vector<std::string> outputs;  ///< player/cue/output_spec.hpp; of a feed several
    std::string profile;               ///< of feeds; empty: 720p25
    std::string state;                 ///< a feed's memory across restarts; empty: none
    Instant now{};                     ///< when the first frame will leave
    /// A feed in real time, each output on its own; otherwise as fast as it is made, and nothing is lost.
    bool live = false;
    FeedNames names{};     ///< what a feed's tables say
    bool panel_on = true;  ///< false: a display stays off until panel(true)
    bool machine = true;   ///< of a display: decoders that the machine has come before libav's own
};
[[nodiscard]] OutletNeeds needs_of(const OutletOptions& options);
/// The beat of the outlet that `options` ask for.
[[nodiscard]] Format format_of(const OutletOptions& options);
/// How the outlet's items are opened: feeds take renditions.
[[nodiscard]] std::function<std::unique_ptr<Source>(const SourceSpec&)> opener_of(
    const OutletOptions& options);
/// Throws Error naming the output, what is wrong and the known kinds.
[[nodiscard]] std::unique_ptr<Outlet> make_outlet(const OutletOptions& options);

[[nodiscard]] std::unique_ptr<Outlet> make_capture(const std::string& folder, const Format& format);
[[nodiscard]] std::unique_ptr<Outlet> make_window(const Format& format);
[[nodiscard]] std::unique_ptr<Outlet> make_screen(const std::string& spec, const Format& format,
                                                  bool panel_on);
/// As its display is: opens the graphics device to see.
[[nodiscard]] Format format_of_screen(const std::string& spec);
[[nodiscard]] std::unique_ptr<Outlet> make_feed(const OutletOptions& options);

}  // namespace riverlight::player
