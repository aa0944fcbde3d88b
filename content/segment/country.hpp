#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/ladder.hpp"
#include "content/segment/manifest.hpp"
#include "content/segment/open_hours.hpp"

/// What a country's coordinators say: where boards stand, what is cleared, which hotline to show, when a
/// rating may air. The three files `countries/<cc>/{places,clearances,hotlines}.json` of the channel, as
/// values.
namespace riverlight::content {

/// A language of a place's viewers and their share in percent.
struct LanguageShare {
    std::string language;                 ///< BCP 47
    int share = 100;                      ///< 1–100; a place's shares add up to at most 100
    std::vector<std::string> fallback{};  ///< asked next where a segment lacks it: shn → my → en
};

/// When a place wants less sound, or none (a clinic's waiting room). Subtitles are on then.
struct QuietHours {
    std::string daypart;            ///< one of the schedule that the place follows
    std::optional<double> gain_db;  ///< −60 to below 0: lower by so much; absent: no sound at all
};

struct Place {
    std::string id;
    std::string name;
    std::string country;   ///< ISO 3166-1 alpha-2, upper case: KH
    std::string province;  ///< ISO 3166-2: KH-12; may be empty
    std::string zone;      ///< IANA: Asia/Phnom_Penh
    std::string venue;     ///< community-centre, border-post, clinic, tv-partner, …
    std::vector<std::string> tags;
    std::vector<LanguageShare> languages;  ///< first is the place's main language
    std::string schedule;                  ///< `schedules/<schedule>.json`
    std::string outlet = "screen";         ///< screen | feed
    std::vector<std::string> signs{};      ///< sign languages whose interpreters are shown, at most 8; of a
                                           ///< segment that has several of them the first
    // of a screen; a feed's renditions were finished when their segments were built
    std::vector<QuietHours> quiet{};  ///< at most 8; where two meet, the quieter counts
    bool subtitles = true;            ///< false: only while it is quiet
    PictureWish picture{};            ///< which of a segment's pictures it fetches and plays
    std::vector<OpenHours> open{};    ///< at most 20; outside them nothing is planned; none: always open
};

/// The sign language that viewers at `place` see with it; empty: none.
[[nodiscard]] std::string sign_at(const Place& place, const Localisation& localisation);

/// When each rating may air; `general` always may. No window for a rating: it never airs in that country.
struct RatingHours {
    std::vector<DayWindow> guidance;
    std::vector<DayWindow> late;
    /// Least time between the end of a segment made for children and the start of one rated guidance or late,
    /// and the other way round; 0: none asked. 0–720.
    std::chrono::minutes from_children{0};
};

/// A country's signed consent: the local days and the instants [embargo, expiry) must both allow it.
struct Clearance {
    std::string segment;
    int revision = 1;
    std::vector<std::string> locales;
    std::optional<std::chrono::local_days> from;   ///< absent: at once
    std::optional<std::chrono::local_days> until;  ///< last local day included; absent: until withdrawn
    std::optional<Instant> embargo{};              ///< nothing of it before; to the second
    std::optional<Instant> expiry{};               ///< nothing of it from then on
};

struct Hotline {
    std::string number;  ///< as it is to be shown
    std::string name;
};

struct Country {
    std::string code;  ///< upper case
    std::vector<Place> places;
    RatingHours hours;
    /// Sets of local dates that schedules name: `public`, `school`; ordered, each date once.
    std::map<std::string, std::vector<std::chrono::local_days>> holidays;
    std::vector<Clearance> clearances;
    int offline_days =
        0;  ///< clearances lapse on a board that has not heard the channel for so long; 0: never
    std::optional<std::chrono::local_days> cleared_until;  ///< the last day they hold so; set by heard_on()
    std::map<std::string, Hotline> hotlines;               ///< by locale; key `*` where one serves all

    [[nodiscard]] const Place* place(std::string_view id) const;
    /// The channel was last heard then (UTC).
    void set_last_contact(Instant at);
    /// Whether the segment's revision may air in `locale` at some time of that local day, embargo and expiry
    /// apart.
    [[nodiscard]] bool cleared(const Manifest& segment, std::string_view locale,
                               std::chrono::local_days day) const {
        return cleared(segment.id, segment.revision, locale, day);
    }
    [[nodiscard]] bool cleared(std::string_view segment, int revision, std::string_view locale,
                               std::chrono::local_days day) const;
    [[nodiscard]] const Hotline* hotline(std::string_view locale) const;
};

/// One consent that a country has taken back.
struct Withdrawal {
    std::string segment;
    int revision = 1;
    std::string locale;
    friend auto operator<=>(const Withdrawal&, const Withdrawal&) = default;
};
/// What `had` cleared on that local day and `has` does not, in order.
[[nodiscard]] std::vector<Withdrawal> withdrawn(const Country& had, const Country& has,
                                                std::chrono::local_days day);

/// Each reads one file (format 1, ≤ 8 MiB) into `country`, whose code must be the file's; throws Error naming
/// `what` and the key.
void parse_places(std::string_view json, const std::string& what, Country& country);
void parse_clearances(std::string_view json, const std::string& what, Country& country);
void parse_hotlines(std::string_view json, const std::string& what, Country& country);
[[nodiscard]] std::string write_places(const Country& country);
[[nodiscard]] std::string write_clearances(const Country& country);
[[nodiscard]] std::string write_hotlines(const Country& country);

/// All that may air: what the scheduler plans from. Segments by id; countries by upper-case code.
struct Catalogue {
    std::map<std::string, Manifest> segments;
    std::map<std::string, Country> countries;

    [[nodiscard]] const Place* place(std::string_view id) const;
    [[nodiscard]] const Country* country_of(const Place& place) const;
};

}  // namespace riverlight::content
