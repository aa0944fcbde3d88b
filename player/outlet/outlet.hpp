#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "content/base/iso_codes.hpp"
#include "player/confine/seccomp.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"
#include "player/cue/output_spec.hpp"
#include "player/evidence/evidence.hpp"
#include "player/evidence/fate_ledger.hpp"
#include "player/source/source.hpp"

/// Where a player's frames go: a display, a window, a feed of a TV partner, files, or nowhere.
namespace riverlight::player {

/// What a feed's tables call it (ETSI EN 300 468: SDT, NIT, TOT), UTF-8, 1…99 bytes each.
struct FeedNames {
    std::string service = "Riverlight", provider = "Riverlight", network = "Riverlight";
    std::string local_time;  ///< `THA+07:00`: a country and its offset from UTC (TOT); empty: no TOT
};

/// One outlet. Frames are numbered from 0 and come in order, each by exactly one of show(), show_layers() and
/// splice(). One thread, the player's loop. Operations that a kind of outlet has no use for do nothing.
class Outlet {
  public:
    virtual ~Outlet() = default;

    /// Frame `frame`, composed, with its sound: interleaved stereo at 48 kHz. Throws Error if the outlet is
    /// lost for good (a full disk). An absent receiver or display is no error.
    virtual void show(const Picture& picture, std::span<const float> samples, std::int64_t frame) = 0;
    /// True if the outlet shows texts on a plane of their own: then it is given frames by show_layers()
    /// instead of show().
    [[nodiscard]] virtual bool has_text_plane() const { return false; }
    /// Frame `frame` as `picture` (the piece's own, or the slate) and the texts of `piece`.
    virtual void show_layers(const std::shared_ptr<const Picture>& picture, const Piece& piece,
                             std::int64_t frame);
    /// Frame `frame` as a rendition holds it. Only feeds; only their openers give coded frames.
    virtual void splice(const CodedFrame& coded, std::int64_t frame);

    struct Lead {
        int frames = 0;                     ///< put in before the first one leaves, and ahead from then on
        std::chrono::microseconds delay{};  ///< from the outlet's start to when its first frame is seen
    };
    /// How far the player's loop runs ahead of the clock.
    [[nodiscard]] virtual Lead lead() const { return {}; }
    /// Called before each frame: it is put in at `due` and seen at `seen`, by the wall clock as it is now.
    virtual void set_frame_time(std::int64_t frame, std::chrono::steady_clock::time_point due, Instant seen);
    /// When frame `frame` is seen, if the outlet keeps the time itself (a display): then show_layers() waits
    /// until there is room for it. Absent: the player's loop keeps the time.
    [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> due(
        std::int64_t /*frame*/) const {
        return {};
    }
    /// A coded frame decoded on its own; nothing if it is no key picture.
    [[nodiscard]] virtual std::optional<Picture> decode_preview(const CodedFrame& /*coded*/) const {
        return {};
    }

    /// The language of the sound from the next frame on, which a feed's PMT says.
    virtual void set_language(LanguageCode /*language*/) {}
    /// The programme guide (EIT) of a feed from now on.
    virtual void set_guide(const Guide& /*guide*/) {}
    /// Frames [first, first + frames) are the partner's to fill; a feed announces it with SCTE 35.
    virtual void add_avail(std::int64_t /*event*/, std::int64_t /*first*/, std::int64_t /*frames*/) {}
    /// Switches a display off, or on again.
    virtual void set_panel(bool /*on*/) {}
    /// Ends in order: completes files, sends the last datagrams.
    virtual void finish() = 0;

    /// What a person should see to in what left the outlet; empty: nothing.
    [[nodiscard]] virtual std::string alarm() const { return {}; }
    /// A feed's outputs in the order of its settings; empty for other outlets.
    [[nodiscard]] virtual std::vector<OutputState> outputs() const { return {}; }
    /// What the outlet itself measured of what left it, for the airing's record.
    [[nodiscard]] virtual Evidence evidence() const { return {}; }
    /// What became of a frame that was put in. Frames leave at once unless an outlet says otherwise.
    [[nodiscard]] virtual FrameFate fate_of(std::int64_t /*frame*/) const { return FrameFate::left; }
    /// True once the person in front of a window has closed it.
    [[nodiscard]] virtual bool is_closed() { return false; }
};

/// What a confined process must still be allowed for its outlet.
struct OutletNeeds {
    Sockets sockets;                       ///< that it opens
    std::vector<std::string> own_folders;  ///< that it fills; needs_of() makes those that are missing
    std::vector<std::string> write;        ///< folders of others that it writes `files` into
    std::vector<std::string> files;        ///< files in those
    std::vector<std::string> read;         ///< files it reads
    std::vector<std::string> devices;      ///< under /dev
    std::vector<std::string> list;         ///< folders it may list, without reading the files in them
    std::int64_t largest_file = 0;  ///< that it writes, bytes: by its outputs' settings; 0: none is large
};

struct OutletOptions {
    std::vector<std::string> outputs;  ///< specs (player/cue/output_spec.hpp); a feed may have several
    std::string profile;               ///< of a feed; empty: 720p25
    std::string state;                 ///< file of a feed's state across restarts; empty: none
    Instant now{};                     ///< when the first frame leaves
    /// A feed in real time, its outputs independent of each other. False: as fast as the stream is made; file
    /// outputs then lose nothing.
    bool live = false;
    FeedNames names{};
    bool panel_on = true;           ///< false: a display stays off until set_panel(true)
    bool hardware_decoders = true;  ///< of a display: prefer the machine's decoders to libav's own
};

/// A recording may grow to what its disk has free now, an hour's file to an hour of its feed. Throws Error if
/// a spec is wrong.
[[nodiscard]] OutletNeeds needs_of(const OutletOptions& options);
/// The format (size, frame rate, grid) that every item is conformed to. A screen's is its display's, so this
/// opens the graphics device. Throws Error.
[[nodiscard]] Format format_of(const OutletOptions& options);
/// Opens the outlet's items: feeds take renditions, displays may use hardware decoders.
[[nodiscard]] std::function<std::unique_ptr<Source>(const SourceSpec&)> opener_of(
    const OutletOptions& options);
/// Throws Error naming the output, what is wrong and the known kinds.
[[nodiscard]] std::unique_ptr<Outlet> make_outlet(const OutletOptions& options);

}  // namespace riverlight::player
