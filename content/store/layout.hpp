#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "content/base/files.hpp"
#include "content/base/instant.hpp"
#include "content/segment/country.hpp"

/// What lies where in a store, and how the facts of a release become values.
namespace riverlight::content {

/// Longest file of facts (manifest, schedule, country file).
inline constexpr std::uint64_t facts_cap = 8U << 20;

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
/// What current.json says; where that is spoiled (a failing disk), its copy, which is written after it.
/// Nothing where there is no release yet. Throws Error where neither can be read.
[[nodiscard]] std::optional<CurrentRelease> read_current(const StoreLayout& layout);
/// Makes `current` the release that airs, durably: a power cut leaves the old one or this. False, and nothing
/// is written, if it is already.
bool make_current(const StoreLayout& layout, const CurrentRelease& current);

/// Held while the store is written: by a visit to a channel or by the import of a stick. Waits up to
/// `seconds` for another to end. Throws Error where it does not.
[[nodiscard]] Fd lock_store(const StoreLayout& layout, std::chrono::seconds timeout);

/// heard.json: when the channel was last heard and held, so that a clearance lapses on a board that is cut
/// off (Country::offline_days). Nothing where it was never noted.
[[nodiscard]] std::optional<Instant> read_last_contact(const StoreLayout& layout);
/// Notes `at` where it is a later day (UTC) than what stands there. True if so.
[[nodiscard]] bool record_contact(const StoreLayout& layout, Instant at);

/// Facts of a release by their paths.
struct Facts {
    Catalogue catalogue;
    std::map<std::string, std::string> schedules;
};
/// Adds one file of facts; a path of no known shape is passed over (a later version's). Throws Error if the
/// file does not hold what its path says.
void add_facts(Facts& facts, const std::string& path, const std::string& bytes);

}  // namespace riverlight::content
