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

/// What a country's coordinators decide: its places, what is cleared, which hotline to show, when a rating
/// may air. Plain values; country_json.hpp reads and writes the files.
namespace riverlight::content {

/// A language of a place's viewers and their share in percent.
struct LanguageShare {
    std::string language;                 ///< BCP 47
    int share = 100;                      ///< 1–100; a place's shares add up to at most 100
    std::vector<std::string> fallback{};  ///< tried in order if a segment lacks it: shn → my → en
};

/// When a place plays with less sound or none (a clinic's waiting room). Subtitles are on then.
struct QuietHours {
    std::string daypart;            ///< a daypart of the place's schedule
    std::optional<double> gain_db;  ///< −60 to below 0, decibels; none: no sound at all
};

/// Where a place plays.
enum class OutletKind { screen, feed };
[[nodiscard]] std::string_view to_text(OutletKind kind);
[[nodiscard]] std::optional<OutletKind> parse_outlet_kind(std::string_view text);

/// More than 12 members: they are the fields of a place in places.json.
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
    OutletKind outlet = OutletKind::screen;
    /// Sign languages whose interpreters are shown, at most 8. The first that a segment has is used.
    std::vector<std::string> signs{};

    // Only for screens. A feed plays renditions, which are complete when their segments are built.
    std::vector<QuietHours> quiet{};  ///< at most 8; if two overlap, the quieter one applies
    bool subtitles = true;            ///< false: only during quiet hours
    PicturePreference picture{};      ///< which of a segment's pictures to download and play
    std::vector<OpenHours> open{};    ///< at most 20; nothing is planned outside; empty: always open
};

/// The sign language whose interpreter viewers at `place` see; empty: none.
[[nodiscard]] std::string sign_at(const Place& place, const Localisation& localisation);

/// When each rating may air. `general` may always air. A rating without a window never airs in the country.
struct RatingHours {
    std::vector<DayWindow> guidance;
    std::vector<DayWindow> late;
    /// Least time between a segment made for children and one rated guidance or late, whichever comes first.
    /// 0 to 720 minutes; 0: no such rule.
    std::chrono::minutes from_children{0};
};

/// A country's signed consent: the local days and the instants [embargo, expiry) must both allow it.
struct Clearance {
    std::string segment;
    int revision = 1;
    std::vector<std::string> locales;
    std::optional<std::chrono::local_days> from;   ///< absent: at once
    std::optional<std::chrono::local_days> until;  ///< last local day included; absent: until withdrawn
    std::optional<Instant> embargo{};              ///< must not air before; to the second
    std::optional<Instant> expiry{};               ///< must not air from then on
};

struct Hotline {
    std::string number;  ///< as shown to viewers
    std::string name;
};

struct Country {
    std::string code;  ///< upper case
    std::vector<Place> places;
    RatingHours hours;
    /// Sets of local dates that schedules name: `public`, `school`; ordered, each date once.
    std::map<std::string, std::vector<std::chrono::local_days>> holidays;
    std::vector<Clearance> clearances;
    /// Clearances lapse on a board that has had no contact with the channel for so long; none: never.
    std::optional<std::chrono::days> offline_days;
    /// The last day before they lapse; set by set_last_contact().
    std::optional<std::chrono::local_days> cleared_until;
    std::map<std::string, Hotline> hotlines;  ///< by locale; key `*` where one serves all

    [[nodiscard]] const Place* place(std::string_view id) const;
    /// Applies offline_days: the channel was last reached at `at` (UTC).
    void set_last_contact(Instant at);
    /// True if the segment's revision may air in `locale` on that local day. Ignores embargo and expiry,
    /// which are instants.
    [[nodiscard]] bool cleared(const Manifest& segment, std::string_view locale,
                               std::chrono::local_days day) const {
        return cleared(segment.id, segment.revision, locale, day);
    }
    [[nodiscard]] bool cleared(std::string_view segment, int revision, std::string_view locale,
                               std::chrono::local_days day) const;
    [[nodiscard]] const Hotline* hotline(std::string_view locale) const;
};

/// A clearance that a country has withdrawn.
struct Withdrawal {
    std::string segment;
    int revision = 1;
    std::string locale;
    friend auto operator<=>(const Withdrawal&, const Withdrawal&) = default;
};
/// What `had` cleared on that local day and `has` no longer does, in order.
[[nodiscard]] std::vector<Withdrawal> withdrawn(const Country& had, const Country& has,
                                                std::chrono::local_days day);

/// Everything that may air; the input of the scheduler. Segments by id, countries by upper-case code.
struct Catalogue {
    std::map<std::string, Manifest> segments;
    std::map<std::string, Country> countries;

    [[nodiscard]] const Place* place(std::string_view id) const;
    [[nodiscard]] const Country* country_of(const Place& place) const;
};

}  // namespace riverlight::content
