#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "content/base/iso_codes.hpp"
#include "player/cue/commands.hpp"
#include "player/feed/profile.hpp"

/// Program specific and service information of a feed with one service (ISO/IEC 13818-1, 2.4.4; ETSI EN 300
/// 468), as whole sections. libdvbpsi, used only here, builds all but TDT and TOT.
namespace riverlight::player {

namespace pid {
inline constexpr unsigned pat = 0x0000, nit = 0x0010, sdt = 0x0011, eit = 0x0012, tdt = 0x0014;
inline constexpr unsigned pmt = 0x0100, video = 0x0101, sound = 0x0102, splice = 0x0103;
}  // namespace pid

/// A country's local time, for receivers that show a clock (EN 300 468, 6.2.20).
struct LocalTime {
    CountryCode country;
    std::chrono::minutes offset{};  ///< from UTC, −12…+14 h
};
/// Reads `THA+07:00`. Throws Error for anything else.
[[nodiscard]] LocalTime parse_local_time(std::string_view text);

/// How receivers identify the feed.
struct Service {
    std::string name = "Riverlight", provider = "Riverlight", network = "Riverlight";  ///< UTF-8
    std::uint16_t transport_stream = 1, service = 1;
    std::uint16_t original_network = 0xff01;  ///< private temporary use (TS 101 162)
    LanguageCode language{};                  ///< of the sound (13818-1, 2.6.18)
    std::optional<LocalTime> local_time;
};

/// One event of the programme guide.
struct GuideEvent {
    std::uint16_t id = 0;
    Instant start{};
    std::chrono::seconds duration{};
    LanguageCode language{};
    std::string title, text;  ///< UTF-8, cut between characters to what a descriptor holds
    std::optional<GuideRating> rating{};
};

using Sections = std::vector<Bytes>;

// `version` 0…31, here and below.
[[nodiscard]] Sections pat_sections(const Service& service, std::uint8_t version);
[[nodiscard]] Sections pmt_sections(const Service& service, const Profile& profile, std::uint8_t version);
[[nodiscard]] Sections sdt_sections(const Service& service, std::uint8_t version);
[[nodiscard]] Sections nit_sections(const Service& service, std::uint8_t version);
/// EIT present/following, table 0x4e: sections 0 and 1, each empty if there is no such event.
[[nodiscard]] Sections eit_present_following(const Service& service, const std::optional<GuideEvent>& present,
                                             const std::optional<GuideEvent>& following,
                                             std::uint8_t version);
/// EIT schedule, table 0x50: four days from the day of `now` on, in segments of three hours (TS 101 211,
/// 4.1.4).
[[nodiscard]] Sections eit_schedule(const Service& service, const std::vector<GuideEvent>& events,
                                    Instant now, std::uint8_t version);
/// TDT, and TOT if the service has a local time. The TOT announces the next change of the offset a year
/// ahead, to the same offset.
[[nodiscard]] Sections time_sections(const Service& service, Instant now);

/// CRC-32 of a section (13818-1, Annex A); 0 for a whole section with its CRC.
[[nodiscard]] std::uint32_t section_crc(std::span<const std::uint8_t> bytes);
/// Appends the CRC that completes a section.
void append_crc(Bytes& section);
/// Text as DVB writes UTF-8 (EN 300 468, A.2): 0x15, then the text, cut between characters to at most
/// `max_bytes` with the 0x15. Empty text stays empty.
[[nodiscard]] Bytes dvb_text(std::string_view text, std::size_t max_bytes);

}  // namespace riverlight::player
