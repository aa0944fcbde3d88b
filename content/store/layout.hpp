#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

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
    [[nodiscard]] std::string media_folder() const { return root + "/media"; }
    [[nodiscard]] std::string facts(const std::string& sha256) const { return root + "/targets/" + sha256; }
    [[nodiscard]] std::string staging(const std::string& name) const { return root + "/staging/" + name; }
    [[nodiscard]] std::string current() const { return root + "/current.json"; }
    [[nodiscard]] std::string current_copy() const { return root + "/current.copy.json"; }
    [[nodiscard]] std::string scrubbed() const { return root + "/scrub.json"; }
    [[nodiscard]] std::string lock() const { return root + "/.lock"; }
    [[nodiscard]] std::string heard() const { return root + "/heard.json"; }
};

/// current.json: the release that airs.
struct CurrentRelease {
    std::string release;
    Instant signed_until{};
    std::map<std::string, std::string> facts;    ///< path → sha256, `segments/a.json`
    std::map<std::string, std::uint64_t> media;  ///< file name `<sha256>.<ext>` → bytes
};
[[nodiscard]] CurrentRelease parse_current(std::string_view json, const std::string& what);
[[nodiscard]] std::string write_current(const CurrentRelease& current);
/// Reads current.json, or its copy, which is written after it, if a failing disk damaged the first. Nothing
/// if there is no release yet. Throws Error if neither can be read.
[[nodiscard]] std::optional<CurrentRelease> read_current(const StoreLayout& layout);
/// Makes `current` the release that airs, durably: after a power cut the store has either the former release
/// or this one. Returns false, and writes nothing, if it is current already.
bool make_current(const StoreLayout& layout, const CurrentRelease& current);

/// Locks the store for writing, by a visit to a channel or the import of a stick. Waits up to `timeout` for
/// another writer; throws StoreError after that. The lock ends with the returned descriptor.
[[nodiscard]] Fd lock_store(const StoreLayout& layout, std::chrono::seconds timeout);

/// Reads heard.json: when the board last reached the channel and verified it. Clearances lapse some time
/// after that (Country::offline_days). Nothing if there was no contact yet.
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
