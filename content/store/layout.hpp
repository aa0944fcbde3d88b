#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "content/base/instant.hpp"
#include "content/segment/country.hpp"

/// Where the files of a store are, and how the facts of a release become values.
namespace riverlight::content {

/// Largest file of facts (manifest, schedule, country file), in bytes.
inline constexpr std::uint64_t facts_cap = 8U << 20;

/// Why a store cannot be used now.
enum class StoreFault : std::uint8_t {
    changed,  ///< a file has other bytes than were verified
    in_use,   ///< another visit, or the import of a stick, writes it
};
using StoreError = Refused<StoreFault>;

struct StoreLayout {
    std::string root;
    [[nodiscard]] std::string trust(const std::string& name) const { return root + "/trust/" + name; }
    /// Of what must outlive the folder of the trusted metadata (content/channel/client.hpp).
    [[nodiscard]] std::string trust_copies() const { return root + "/trust.copies"; }
    [[nodiscard]] std::string media_folder() const { return root + "/media"; }
    [[nodiscard]] std::string facts(const std::string& sha256) const { return root + "/targets/" + sha256; }
    [[nodiscard]] std::string copies_folder() const { return root + "/copies"; }
    [[nodiscard]] std::string facts_copy(const std::string& sha256) const {
        return copies_folder() + '/' + sha256;
    }
    /// A media file whose bytes are wrong, until it comes again.
    [[nodiscard]] std::string set_aside(const std::string& name) const { return root + "/damaged/" + name; }
    [[nodiscard]] std::string staging(const std::string& name) const { return root + "/staging/" + name; }
    [[nodiscard]] std::string current() const { return root + "/current.json"; }
    [[nodiscard]] std::string scrubbed() const { return root + "/scrub.json"; }
    [[nodiscard]] std::string lock() const { return root + "/.lock"; }
    [[nodiscard]] std::string refused() const { return root + "/refused.json"; }
};

/// The releases that a store keeps.
enum class KeptRelease : std::uint8_t {
    current,    ///< the one that airs
    last_good,  ///< what a board returns to if that cannot be played: the one before it, until the current
                ///< one has survived a restart of the board
};

/// One release of a store: `current.json` or `good.json`, each kept twice (content/base/file_pair.hpp).
struct StoredRelease {
    std::string release;
    Instant signed_until{};
    std::map<std::string, std::string> facts;    ///< path → sha256, `segments/a.json`
    std::map<std::string, std::uint64_t> media;  ///< file name `<sha256>.<ext>` → bytes
    friend bool operator==(const StoredRelease&, const StoredRelease&) = default;
};
/// Nothing if there is no release yet. Throws Error if neither of its two files can be read. Appends the one
/// that cannot be read to `damaged`, unless that is null.
[[nodiscard]] std::optional<StoredRelease> read_release(const StoreLayout& layout, KeptRelease which,
                                                        std::vector<std::string>* damaged = nullptr);
/// The same, and nothing if it cannot be read.
[[nodiscard]] std::optional<StoredRelease> find_release(const StoreLayout& layout, KeptRelease which,
                                                        std::vector<std::string>* damaged = nullptr);
/// Makes `next` the release that airs, durably: after a power cut the store has either the former release or
/// this one. The last good release gets the clearances of `next`, and nothing else changes about it: what a
/// country has withdrawn airs from no release. A store without a last good release takes `next`. Returns
/// false if it is current already.
bool make_current(const StoreLayout& layout, const StoredRelease& next);
/// The current release has survived a restart: it is the last good one from now on. Returns false if it was.
bool confirm_current(const StoreLayout& layout);
/// True for a country's clearances among a release's facts: `countries/kh/clearances.json`.
[[nodiscard]] bool is_clearances(std::string_view path);
/// The release's name without what newer clearances added to it: `16-aa+17-bb` → `16-aa`.
[[nodiscard]] std::string_view base_of(std::string_view release);

/// Locks the store for writing, by a visit to a channel or the import of a stick. Waits up to `timeout` for
/// another writer; throws StoreError after that. The lock ends with the returned descriptor.
[[nodiscard]] Fd lock_store(const StoreLayout& layout, std::chrono::seconds timeout);

/// Reads heard.json, which is kept twice: when the board last reached the channel and verified it. Clearances
/// lapse some time after that (Country::offline_days). Nothing if there was no contact yet.
[[nodiscard]] std::optional<Instant> read_last_contact(const StoreLayout& layout);
/// Records a contact at `at`, if that is a later day (UTC) than the recorded one. Returns true if so.
[[nodiscard]] bool record_contact(const StoreLayout& layout, Instant at);

/// Facts of a release by their paths.
struct Facts {
    Catalogue catalogue;
    std::map<std::string, std::string> schedules;
};
/// Adds one file of facts. Ignores paths of unknown form, which later versions may use. Throws Error if the
/// content does not match the path.
void add_facts(Facts& facts, const std::string& path, const std::string& bytes);

}  // namespace riverlight::content
