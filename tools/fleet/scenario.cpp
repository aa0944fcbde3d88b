#include "tools/fleet/scenario.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/forms.hpp"
#include "content/segment/manifest.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::fleet {
namespace {

namespace json = boost::json;
using std::chrono::minutes;

constexpr std::uint64_t cap = 1U << 20;
constexpr int most_boards = 200'000, most_days = 60;

int number(JsonFields& f, std::string_view key, int otherwise, int least, int most) {
    return static_cast<int>(f.integer_or(key, otherwise, least, most));
}

/// Each table of the array `key`, with its place in the file.
template <class Read>
void for_each_table(JsonFields& f, std::string_view key, const Read& read) {
    int n = 0;
    for (const auto& table : f.array(key)) {
        const auto name = std::string(key) + '.' + std::to_string(++n);
        JsonFields fields(table, f.where().in(name));
        read(fields);
        fields.closed();
    }
}

ScenarioSegment read_segment(JsonFields& f) {
    ScenarioSegment out{f.text("id", 63), std::chrono::seconds{f.integer("seconds", 1, 3600)}};
    if (!content::is_id(out.id)) f.refuse("id", ReadFault::malformed, "must be an id: fair-work");
    return out;
}

ScenarioCountry read_country(JsonFields& f) {
    ScenarioCountry out;
    out.code = f.text("code", 2);
    if (!content::is_country(out.code))
        f.refuse("code", ReadFault::unknown, "must be an ISO 3166-1 code: KH");
    out.zone = f.text("zone", 64);
    if (!scheduler::zone_exists(out.zone))
        f.refuse("zone", ReadFault::unknown, "must be an IANA zone: Asia/Phnom_Penh");
    out.weight = number(f, "weight", 1, 1, 1000);
    for_each_table(f, "languages", [&](JsonFields& one) {
        out.languages.push_back(
            {one.text("language", 35), static_cast<int>(one.integer("share", 1, 100)), {}});
    });
    for (const auto& text : f.texts_or_none("open", content::most_open_hours)) {
        const auto hours = content::parse_open_hours(text);
        if (!hours) f.refuse("open", ReadFault::malformed, "must be hours such as \"08:00-20:00\"");
        out.open.push_back(*hours);
    }
    return out;
}

ScenarioRelease read_release(JsonFields& f, const std::filesystem::path& folder) {
    ScenarioRelease out;
    const auto at = from_rfc3339(f.text("at", 40));
    if (!at) f.refuse("at", ReadFault::malformed, "must be a date and time: 2026-03-04T02:10:00Z");
    out.at = *at;
    out.schedule = (folder / f.text("schedule", 200)).string();
    if (!std::filesystem::exists(out.schedule))
        f.refuse("schedule", ReadFault::unresolved, "names a file that is not there: " + out.schedule);
    return out;
}

/// A trouble's kind as the file names it, and how its own keys are read.
struct TroubleKind {
    std::string_view name;
    Trouble (*read)(JsonFields& f, int days);
};
constexpr std::array kinds{
    TroubleKind{"power-cuts",
                [](JsonFields& f, int) { return Trouble{PowerCuts{number(f, "a_day", 1, 1, 24)}}; }},
    TroubleKind{"offline",
                [](JsonFields& f, int days) {
                    OfflineWeek out{number(f, "from_day", 1, 1, days), 0};
                    out.until_day = number(f, "until_day", days, out.from_day, days);
                    return Trouble{out};
                }},
    TroubleKind{"wrong-clock",
                [](JsonFields& f, int) {
                    return Trouble{WrongClock{minutes{number(f, "behind_minutes", 1440, 1, 43'200)},
                                              minutes{number(f, "for_minutes", 30, 1, 1440)}}};
                }},
    TroubleKind{
        "cloned-card",
        [](JsonFields& f, int days) { return Trouble{ClonedCard{number(f, "from_day", 1, 1, days)}}; }},
    TroubleKind{"lies",
                [](JsonFields& f, int) { return Trouble{Lies{number(f, "of_records_percent", 5, 1, 100)}}; }},
    TroubleKind{"replaced",
                [](JsonFields& f, int days) { return Trouble{ReplacedBoard{number(f, "day", 1, 1, days)}}; }},
};

ScenarioTrouble read_trouble(JsonFields& f, int days) {
    const auto name = f.text("kind", 40);
    const auto* const kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.name == name; });
    if (kind == kinds.end()) {
        std::vector<std::string_view> known;
        known.reserve(kinds.size());
        for (const auto& one : kinds) known.push_back(one.name);
        throw ReadError(ReadFault::unknown, f.where().in("kind"), "is no trouble: '" + name + "'",
                        nearest_name(name, known));
    }
    const auto percent = static_cast<int>(f.integer("percent", 1, 100));
    return {percent, kind->read(f, days)};
}

void read_what_happens(JsonFields& f, const std::string& path, Scenario& out) {
    const auto folder = std::filesystem::path(path).parent_path();
    for_each_table(f, "segment", [&](JsonFields& one) { out.segments.push_back(read_segment(one)); });
    for_each_table(f, "country", [&](JsonFields& one) { out.countries.push_back(read_country(one)); });
    for_each_table(f, "release", [&](JsonFields& one) { out.releases.push_back(read_release(one, folder)); });
    if (f.optional("trouble"))
        for_each_table(f, "trouble",
                       [&](JsonFields& one) { out.troubles.push_back(read_trouble(one, out.days)); });
    for (const auto& [key, empty] : {std::pair{"segment", out.segments.empty()},
                                     {"country", out.countries.empty()},
                                     {"release", out.releases.empty()}})
        if (empty) f.refuse(key, ReadFault::missing, "must be there at least once");
    const auto by_time = [](const auto& a, const auto& b) { return a.at < b.at; };
    if (!std::is_sorted(out.releases.begin(), out.releases.end(), by_time))
        f.refuse("release", ReadFault::misplaced, "must be in order of time");
}

}  // namespace

Scenario read_scenario(const std::string& path) {
    const auto value = parse_toml(read_file(path, cap), path);
    JsonFields f(value, path);
    f.format(1);
    Scenario out;
    out.file = path;
    const auto day = date_from_iso(f.text("first_day", 10));
    if (!day) f.refuse("first_day", ReadFault::malformed, "must be a date: 2026-03-02");
    out.first_day = *day;
    out.days = number(f, "days", 7, 1, most_days);
    out.boards = number(f, "boards", 200, 1, most_boards);
    out.seed = static_cast<std::uint32_t>(number(f, "seed", 1, 0, 1'000'000));
    out.report_every = minutes{number(f, "report_minutes", 360, 10, 1440)};
    out.visit_every = std::chrono::seconds{number(f, "visit_seconds", 300, 10, 86'400)};
    read_what_happens(f, path, out);
    f.closed();
    return out;
}

}  // namespace riverlight::fleet
