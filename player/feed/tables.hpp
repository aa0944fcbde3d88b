#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "player/feed/profile.hpp"

/// Service information of a feed with one service (ISO/IEC 13818-1, 2.4.4; ETSI EN 300 468; ANSI/SCTE 35), as
/// whole sections. libdvbpsi builds all but TDT and splice_info_section, which it lacks or builds wrongly.
namespace riverlight::player {

namespace pid {
inline constexpr unsigned pat = 0x0000, nit = 0x0010, sdt = 0x0011, eit = 0x0012, tdt = 0x0014;
inline constexpr unsigned pmt = 0x0100, video = 0x0101, sound = 0x0102, splice = 0x0103;
}  // namespace pid

/// A country's time, for receivers that show a clock (EN 300 468, 6.2.20).
struct LocalTime {
    std::string country;            ///< ISO 3166 alpha-3, `THA`
    std::chrono::minutes offset{};  ///< from UTC, −12…+14 h
};
/// Reads `THA+07:00`. Throws Error for anything else.
[[nodiscard]] LocalTime parse_local_time(std::string_view text);

/// What a partner knows the feed by.
struct Service {
    std::string name = "Riverlight", provider = "Riverlight", network = "Riverlight";  ///< UTF-8
    std::uint16_t transport_stream = 1, original_network = 0xff01,
                  service = 1;     ///< 0xff01: private temporary use
    std::string language = "und";  ///< of the sound, ISO 639-2
    std::optional<LocalTime> local_time;
};

/// One event of the guide.
struct GuideEvent {
    std::uint16_t id = 0;
    Instant start{};
    std::chrono::seconds duration{};
    std::string language = "und";  ///< ISO 639-2
    std::string title, text;       ///< UTF-8, cut to what a descriptor holds, never inside a character
};

using Sections = std::vector<Bytes>;

[[nodiscard]] Sections pat_sections(const Service& service);
[[nodiscard]] Sections pmt_sections(const Service& service, const Profile& profile);
[[nodiscard]] Sections sdt_sections(const Service& service);
[[nodiscard]] Sections nit_sections(const Service& service);
/// Present and following (table 0x4e): section 0 and 1, empty where there is none. `version` 0…31.
[[nodiscard]] Sections eit_present_following(const Service& service, const std::optional<GuideEvent>& present,
                                             const std::optional<GuideEvent>& following,
                                             std::uint8_t version);
/// Schedule (table 0x50) of up to four days from the day of `now` on, in segments of three hours (TS 101
/// 211, 4.1.4).
[[nodiscard]] Sections eit_schedule(const Service& service, const std::vector<GuideEvent>& events,
                                    Instant now, std::uint8_t version);
/// TDT, and the TOT where the service has a local time (its offset stays: the next change is a year away).
[[nodiscard]] Sections time_sections(const Service& service, Instant now);

/// splice_insert() for the whole program (SCTE 35, 9.7.3).
struct SpliceInsert {
    std::uint32_t event = 0;
    bool out = true;            ///< out of the network into an avail; false: back
    std::int64_t at = 0;        ///< PTS of the first frame after, 90 kHz, wrapped at 33 bits
    std::int64_t duration = 0;  ///< 90 kHz, of the avail; 0: not said
    std::uint16_t program = 1;
    std::uint8_t avail = 0, avails = 0;
};
[[nodiscard]] Bytes splice_section(const SpliceInsert& splice);
/// splice_null(): the heartbeat that says the PID is alive.
[[nodiscard]] Bytes splice_null_section();

/// CRC of a section (13818-1, Annex A).
[[nodiscard]] std::uint32_t section_crc(std::span<const std::uint8_t> bytes);
/// Text as DVB writes UTF-8 (EN 300 468, A.2): 0x15 first; at most `most` bytes with it.
[[nodiscard]] Bytes dvb_text(std::string_view text, std::size_t most);

}  // namespace riverlight::player
