#pragma once
#include <optional>
#include <string>
#include <vector>

#include "content/store/layout.hpp"
#include "content/sync/sync.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/update/idle_time.hpp"
#include "firmware/update/system_view.hpp"
#include "firmware/update/updater.hpp"

namespace riverlight::firmware {

/// Carries out what `Updater` decides: looks at the store, the slots' report and the installer's answer, and
/// writes requests and the note. It installs nothing itself. Owner: the daemon's loop thread.
class UpdateRunner {
  public:
    struct Setup {
        SystemPaths paths{};
        SystemIdentity system;
        std::string boot;          ///< this boot's id
        std::string state_folder;  ///< of the note
        content::StoreLayout store;
        std::string board;  ///< its id
    };
    /// Reads the note of earlier runs.
    UpdateRunner(Setup setup, MonotonicTime now);

    /// Call it every few seconds. Throws Error: DiskFault, or for a bug; make another runner then.
    void poll(const ClockReading& clock, const PlaceHours& place);
    /// The tags of the board's place have become known, or others.
    void set_tags(std::vector<std::string> tags) { tags_ = std::move(tags); }
    /// What the last visit of the channel did for the board's system.
    void hear(const content::ImageResult& visit) { trouble_ = visit.trouble; }

    /// What the next visit is to be asked for.
    [[nodiscard]] content::SystemImageRequest request(std::function<Instant()> now) const;
    [[nodiscard]] SystemView view() const;

  private:
    [[nodiscard]] WaveSubject subject() const;
    void find_next_idle(const PlaceHours& place, Instant now);
    [[nodiscard]] ChannelOffer look_at_store(Instant now) const;
    void handle(const UpdateEvent& event, const ClockReading& clock);
    void act(const AskInstaller& action) const;
    void act(const WithdrawRequest& action) const;
    void act(const RemoveBundle& action) const;
    void act(const KeepNote& action) const;

    Setup setup_;
    Updater updater_;
    std::optional<std::vector<std::string>> tags_;  ///< none: not known yet
    std::optional<content::ImageTrouble> trouble_;
    std::optional<SlotReport> slots_;
    std::optional<InstallerAnswer> answer_;
    PlaceHours place_{};
    std::optional<Instant> next_;  ///< when that place is idle the next time; none: not known
};

}  // namespace riverlight::firmware
