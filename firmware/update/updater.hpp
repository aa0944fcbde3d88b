#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "content/airing/system_report.hpp"
#include "content/base/instant.hpp"
#include "content/sync/sync.hpp"
#include "firmware/slots/slot_report.hpp"
#include "firmware/update/installer_files.hpp"
#include "firmware/update/system_paths.hpp"
#include "firmware/update/update_note.hpp"
#include "firmware/update/update_step.hpp"
#include "firmware/update/wave_choice.hpp"

namespace riverlight::firmware {

/// How much of a bundle the store has.
enum class BundlePresence : std::uint8_t { absent, part, whole };

/// What the channel has for this board, as the store holds it: verified when it came.
struct ChannelOffer {
    WaveChoice choice{};
    BundlePresence bundle = BundlePresence::absent;        ///< of the chosen wave
    std::optional<Instant> since{};                        ///< since when it is whole
    std::optional<content::ImageTrouble> trouble{};        ///< of the last visit
    Instant signed_until{};                                ///< no installation begins after that
    std::map<content::SystemVersion, std::string> held{};  ///< versions whose waves are on hold, and why
};

/// What the slots hold now; none: riverlight-slots has not said.
struct SlotsSeen {
    std::optional<SlotReport> report{};
};

/// A moment; comes every few seconds.
struct UpdateMoment {
    bool idle = false;         ///< the place may do without its board now
    bool clock_known = false;  ///< the board knows the time
};

using UpdateEvent = std::variant<ChannelOffer, SlotsSeen, InstallerAnswer, UpdateMoment>;

/// The request goes to the installer.
struct AskInstaller {
    InstallerRequest request;
    friend bool operator==(const AskInstaller&, const AskInstaller&) = default;
};
/// The installer did not take the request: nobody is to take it any more.
struct WithdrawRequest {
    friend bool operator==(const WithdrawRequest&, const WithdrawRequest&) = default;
};
/// The store's bundle with this digest is not needed any more, or damaged.
struct RemoveBundle {
    std::string sha256;
    friend bool operator==(const RemoveBundle&, const RemoveBundle&) = default;
};
/// The note has changed: it is to be written before any other action.
struct KeepNote {
    friend bool operator==(const KeepNote&, const KeepNote&) = default;
};
using UpdateAction = std::variant<KeepNote, AskInstaller, WithdrawRequest, RemoveBundle>;

/// Decides what a board's update does: (event, now) → actions. Pure: no file, no clock, no process. Owner:
/// one thread.
class Updater {
  public:
    /// The installer begins within the first, and ends within the second.
    static constexpr std::chrono::minutes begins_within{5}, ends_within{180};
    /// Between two tries of an installation that failed, and between two requests for a restart.
    static constexpr std::chrono::hours between_tries{1};

    struct Setup {
        SystemIdentity system;  ///< that runs
        std::string boot;       ///< this boot's id
        UpdateNote note{};
    };
    Updater(Setup setup, MonotonicTime now);

    /// Throws Error for an event that the state does not expect: a bug. The caller makes another updater.
    [[nodiscard]] std::vector<UpdateAction> handle(const UpdateEvent& event, Instant now,
                                                   MonotonicTime monotonic);

    [[nodiscard]] content::SystemReport report() const;
    /// Why the update does not go on, in others' words: the publisher's about a hold, or the last visit's
    /// fault, to follow a colon; empty if there are none.
    [[nodiscard]] std::string why_it_waits() const;
    [[nodiscard]] const UpdateNote& note() const { return note_; }
    [[nodiscard]] const std::optional<SlotReport>& slots() const { return slots_; }

  private:
    void on(const ChannelOffer& offer);
    void on(const SlotsSeen& seen);
    void on(const InstallerAnswer& answer);
    void on(const UpdateMoment& moment);
    void take(UpdateStep step);
    void resolve_tried();
    void finish(content::UpdateFault fault, const std::string& why = {});
    void begin();
    void refuse(content::UpdateFault fault, const std::string& why);
    void ask(InstallerRequest request);
    [[nodiscard]] content::UpdateWait find_wait(const UpdateMoment& moment) const;
    [[nodiscard]] content::UpdateWait wait_to_install(const UpdateMoment& moment) const;
    [[nodiscard]] content::UpdateWait wait_to_restart(const UpdateMoment& moment) const;
    [[nodiscard]] std::string target() const;

    // More than 12 members: what the four kinds of events said last, and what was decided.
    SystemIdentity system_;
    std::string boot_;
    UpdateNote note_;
    content::UpdateState state_ = content::UpdateState::none;
    content::UpdateWait wait_ = content::UpdateWait::none;
    ChannelOffer offer_{};
    std::optional<SlotReport> slots_;
    std::optional<MonotonicTime> asked_;   ///< the installer, the last time
    std::optional<MonotonicTime> failed_;  ///< the last try
    bool begun_ = false;                   ///< the installer took the last request
    Instant now_{};                        ///< of the event being handled
    MonotonicTime monotonic_{};            ///< likewise
    std::vector<UpdateAction> actions_;    ///< decided, not returned yet
};

}  // namespace riverlight::firmware
