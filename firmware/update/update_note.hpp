#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/airing/system_report.hpp"
#include "content/update/waves.hpp"
#include "firmware/slots/slot_state.hpp"

namespace riverlight::firmware {

/// A version that is being installed, or is to prove itself.
struct TriedUpdate {
    std::string version, sha256;
    SystemSlot slot = SystemSlot::a;                       ///< that it goes into
    std::string boot;                                      ///< id of the boot in which it was asked for
    bool written = false;                                  ///< the installer has written it
    Instant since{};                                       ///< when its bundle was here
    std::chrono::days patience = content::usual_patience;  ///< of its wave
    friend bool operator==(const TriedUpdate&, const TriedUpdate&) = default;
};

/// A bundle that was refused.
struct RefusedUpdate {
    std::string version, sha256;
    content::UpdateFault fault = content::UpdateFault::unknown;
    int count = 1;  ///< how often
    Instant at{};   ///< the last time
    friend bool operator==(const RefusedUpdate&, const RefusedUpdate&) = default;
};

/// What a board remembers of its updates over restarts: `<state>/update.json` and its copy. What the slots
/// hold is known without it: if it is lost, only reasons and the other slot's version are. Format 1.
struct UpdateNote {
    std::int64_t number = 0;  ///< of the last request to the installer
    std::optional<TriedUpdate> tried{};
    std::optional<content::SystemReport::Last> last{};
    std::string last_why{};                      ///< of the last fault, for a technician
    std::vector<RefusedUpdate> refused{};        ///< oldest first, at most `most_refused`
    std::array<std::string, 2> slot_versions{};  ///< by SystemSlot; empty: not known
    friend bool operator==(const UpdateNote&, const UpdateNote&) = default;

    static constexpr std::size_t most_refused = 16;
    /// A bundle that fails so often for a reason that may pass is not tried any more.
    static constexpr int most_tries = 3;

    /// Digests of bundles that are not installed (again).
    [[nodiscard]] std::set<std::string> barred() const;
    void add_refused(const TriedUpdate& update, content::UpdateFault fault, Instant at);
};

/// False for a fault that may pass: the same bundle is tried again, `most_tries` times in all.
[[nodiscard]] bool is_final(content::UpdateFault fault);

/// An empty note if there is none or it cannot be read. Never throws.
[[nodiscard]] UpdateNote read_update_note(const std::string& state_folder);
/// Throws DiskFault.
void write_update_note(const std::string& state_folder, const UpdateNote& note);

}  // namespace riverlight::firmware
