#pragma once
#include <map>
#include <optional>
#include <string>

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

/// heard.json: when the channel was last heard and held, so that a clearance lapses on a board that is cut
/// off (Country::offline_days). Nothing where it was never noted.
[[nodiscard]] std::optional<Instant> read_heard(const StoreLayout& layout);
/// Notes `at` where it is a later day (UTC) than what stands there. True if so.
[[nodiscard]] bool note_heard(const StoreLayout& layout, Instant at);

/// Facts of a release by their paths.
struct Facts {
    Catalogue catalogue;
    std::map<std::string, std::string> schedules;
};
/// Adds one file of facts; a path of no known shape is passed over (a later version's). Throws Error if the
/// file does not hold what its path says.
void add_facts(Facts& facts, const std::string& path, const std::string& bytes);

}  // namespace riverlight::content
