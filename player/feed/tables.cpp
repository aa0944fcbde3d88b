#include "player/feed/tables.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>

#include "content/base/error.hpp"

extern "C" {
#include <dvbpsi/dvbpsi.h>
// after dvbpsi.h, which these need and do not include
#include <dvbpsi/descriptor.h>
#include <dvbpsi/eit.h>
#include <dvbpsi/nit.h>
#include <dvbpsi/pat.h>
#include <dvbpsi/pmt.h>
#include <dvbpsi/psi.h>
#include <dvbpsi/sdt.h>
}

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

struct Free {
    void operator()(dvbpsi_t* p) const { dvbpsi_delete(p); }
    void operator()(dvbpsi_pat_t* p) const { dvbpsi_pat_delete(p); }
    void operator()(dvbpsi_pmt_t* p) const { dvbpsi_pmt_delete(p); }
    void operator()(dvbpsi_sdt_t* p) const { dvbpsi_sdt_delete(p); }
    void operator()(dvbpsi_nit_t* p) const { dvbpsi_nit_delete(p); }
    void operator()(dvbpsi_eit_t* p) const { dvbpsi_eit_delete(p); }
    void operator()(dvbpsi_psi_section_t* p) const { dvbpsi_DeletePSISections(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Free>;

template <class T>
Handle<T> made(T* p) {
    if (!p) throw Error("libdvbpsi has no memory for a table");
    return Handle<T>(p);
}

Handle<dvbpsi_t> library() {
    return made(dvbpsi_new(nullptr, DVBPSI_MSG_NONE));
}

Sections copied(dvbpsi_psi_section_t* raw) {
    const auto first = made(raw);
    Sections out;
    for (const auto* s = raw; s; s = s->p_next) out.emplace_back(s->p_data, s->p_data + s->i_length + 3);
    return out;
}

std::uint8_t byte(std::uint64_t value) {
    return static_cast<std::uint8_t>(value & 0xff);
}

Bytes letters(std::string_view text) {
    return {text.begin(), text.end()};
}

void append(Bytes& out, const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
}

/// Appends the field with its length in front.
void append_counted(Bytes& out, const Bytes& field) {
    assert(field.size() <= 0xff);
    out.push_back(byte(field.size()));
    append(out, field);
}

namespace tag {
constexpr std::uint8_t registration = 0x05, language = 0x0a, network_name = 0x40, service_list = 0x41,
                       service = 0x48, short_event = 0x4d, parental_rating = 0x55, local_time_offset = 0x58,
                       ac3 = 0x6a, cue_identifier = 0x8a;
}
namespace stream_type {
constexpr std::array<std::uint8_t, 2> video{0x1b, 0x02};        // by VideoCodec
constexpr std::array<std::uint8_t, 3> sound{0x03, 0x0f, 0x06};  // by SoundCodec
constexpr std::uint8_t splice = 0x86;
}  // namespace stream_type

/// service_type (EN 300 468, Table 87): every receiver knows digital television in general; HD and advanced
/// codecs have types of their own that older ones do not know.
constexpr std::uint8_t digital_television = 0x01, running = 4, not_running = 1;
constexpr std::uint8_t eit_table = 0x4e, schedule_table = 0x50;
constexpr int max_days = 4, segments_per_day = 8;
constexpr std::size_t max_title = 120, max_text = 100;

std::uint64_t bcd(std::int64_t value) {
    return static_cast<std::uint64_t>(value / 10 << 4 | value % 10);
}

/// Modified Julian date and BCD time, 40 bits (EN 300 468, Annex C).
std::uint64_t dvb_time(Instant at) {
    const auto day = floor<days>(at);
    const auto mjd = static_cast<std::uint64_t>(day.time_since_epoch().count() + 40587);
    const hh_mm_ss time(floor<seconds>(at - day));
    return mjd << 24 | bcd(time.hours().count()) << 16 | bcd(time.minutes().count()) << 8 |
           bcd(time.seconds().count());
}

std::uint32_t dvb_duration(seconds duration) {
    const hh_mm_ss time(std::min(duration, seconds{24h} - 1s));
    return static_cast<std::uint32_t>(bcd(time.hours().count()) << 16 | bcd(time.minutes().count()) << 8 |
                                      bcd(time.seconds().count()));
}

Bytes short_event(const GuideEvent& event) {
    auto out = letters(event.language.text());
    append_counted(out, dvb_text(event.title, max_title));
    append_counted(out, dvb_text(event.text, max_text));
    return out;
}

/// EN 300 468, 6.2.28: a rating of 0x01…0x0f is the minimum age less three years.
Bytes parental_rating(const GuideRating& rating) {
    assert(rating.minimum_age >= 4 && rating.minimum_age <= 18);
    auto out = letters(rating.country.text());
    out.push_back(static_cast<std::uint8_t>(rating.minimum_age - 3));
    return out;
}

void add_event(dvbpsi_eit_t& eit, const GuideEvent& event, std::uint8_t status) {
    auto descriptor = short_event(event);
    auto* into = dvbpsi_eit_event_add(&eit, event.id, dvb_time(event.start), dvb_duration(event.duration),
                                      status, false, 0);
    if (!into) throw Error("libdvbpsi has no memory for an event");
    dvbpsi_eit_event_descriptor_add(into, tag::short_event, byte(descriptor.size()), descriptor.data());
    if (!event.rating) return;
    auto rating = parental_rating(*event.rating);
    dvbpsi_eit_event_descriptor_add(into, tag::parental_rating, byte(rating.size()), rating.data());
}

/// One EIT section. libdvbpsi knows no segments, so set_section_numbers() follows.
Bytes eit_section(const Service& s, std::uint8_t table, const std::vector<const GuideEvent*>& events,
                  std::uint8_t status, std::uint8_t version) {
    const auto eit = made(
        dvbpsi_eit_new(table, s.service, version, true, s.transport_stream, s.original_network, 0, table));
    for (const auto* event : events) add_event(*eit, *event, status);
    return copied(dvbpsi_eit_sections_generate(library().get(), eit.get(), table)).front();
}

struct SectionNumbers {
    std::uint8_t own, last, segment_last;
};

/// Sets the fields of 5.2.4 and renews the CRC. `table` is the only table of its kind.
void set_section_numbers(Bytes& section, std::uint8_t table, SectionNumbers numbers) {
    assert(section.size() >= 18 && numbers.own <= numbers.last);
    section[0] = table;
    section[6] = numbers.own;
    section[7] = numbers.last;
    section[12] = numbers.segment_last;
    section[13] = table;
    section.resize(section.size() - 4);
    append_crc(section);
}

}  // namespace

std::uint32_t section_crc(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = 0xffffffff;
    for (const auto b : bytes) {
        crc ^= std::uint32_t{b} << 24;
        for (int i = 0; i < 8; ++i) crc = crc << 1 ^ (crc & 0x80000000U ? 0x04c11db7U : 0U);
    }
    return crc;
}

void append_crc(Bytes& section) {
    const auto crc = section_crc(section);
    for (int shift = 24; shift >= 0; shift -= 8) section.push_back(byte(crc >> shift));
}

Bytes dvb_text(std::string_view text, std::size_t max_bytes) {
    assert(max_bytes > 0);
    if (text.empty()) return {};
    auto end = std::min(text.size(), max_bytes - 1);
    while (end > 0 && end < text.size() && (text[end] & 0xc0) == 0x80) --end;  // between characters
    Bytes out{0x15};
    append(out, letters(text.substr(0, end)));
    return out;
}

Sections pat_sections(const Service& s, std::uint8_t version) {
    const auto pat = made(dvbpsi_pat_new(s.transport_stream, version, true));
    dvbpsi_pat_program_add(pat.get(), 0, pid::nit);
    dvbpsi_pat_program_add(pat.get(), s.service, pid::pmt);
    return copied(dvbpsi_pat_sections_generate(library().get(), pat.get(), 253));
}

Sections pmt_sections(const Service& s, const Profile& profile, std::uint8_t version) {
    const auto pmt = made(dvbpsi_pmt_new(s.service, version, true, pid::video));
    auto cuei = letters("CUEI");  // SCTE 35, 8.1
    dvbpsi_pmt_descriptor_add(pmt.get(), tag::registration, byte(cuei.size()), cuei.data());
    const auto& c = profile.coding;
    dvbpsi_pmt_es_add(pmt.get(), stream_type::video[static_cast<std::size_t>(c.video)], pid::video);
    auto* sound =
        dvbpsi_pmt_es_add(pmt.get(), stream_type::sound[static_cast<std::size_t>(c.sound)], pid::sound);
    auto language = letters(s.language.text());
    language.push_back(0);  // audio_type: undefined
    dvbpsi_pmt_es_descriptor_add(sound, tag::language, byte(language.size()), language.data());
    Bytes no_ac3_fields{0};
    if (c.sound == SoundCodec::ac3) dvbpsi_pmt_es_descriptor_add(sound, tag::ac3, 1, no_ac3_fields.data());
    auto* splice = dvbpsi_pmt_es_add(pmt.get(), stream_type::splice, pid::splice);
    Bytes insertions{0x00};  // cue_stream_type: splice_insert, splice_null and the like (8.2)
    dvbpsi_pmt_es_descriptor_add(splice, tag::cue_identifier, 1, insertions.data());
    return copied(dvbpsi_pmt_sections_generate(library().get(), pmt.get()));
}

Sections sdt_sections(const Service& s, std::uint8_t version) {
    const auto sdt = made(dvbpsi_sdt_new(0x42, s.transport_stream, version, true, s.original_network));
    auto* service = dvbpsi_sdt_service_add(sdt.get(), s.service, true, true, running, false);
    Bytes about{digital_television};
    append_counted(about, dvb_text(s.provider, 100));
    append_counted(about, dvb_text(s.name, 100));
    dvbpsi_sdt_service_descriptor_add(service, tag::service, byte(about.size()), about.data());
    return copied(dvbpsi_sdt_sections_generate(library().get(), sdt.get()));
}

Sections nit_sections(const Service& s, std::uint8_t version) {
    const auto nit = made(dvbpsi_nit_new(0x40, s.original_network, s.original_network, version, true));
    auto name = dvb_text(s.network, 100);
    dvbpsi_nit_descriptor_add(nit.get(), tag::network_name, byte(name.size()), name.data());
    auto* stream = dvbpsi_nit_ts_add(nit.get(), s.transport_stream, s.original_network);
    Bytes list{byte(s.service >> 8), byte(s.service), digital_television};
    dvbpsi_nit_ts_descriptor_add(stream, tag::service_list, byte(list.size()), list.data());
    return copied(dvbpsi_nit_sections_generate(library().get(), nit.get(), 0x40));
}

Sections eit_present_following(const Service& s, const std::optional<GuideEvent>& present,
                               const std::optional<GuideEvent>& following, std::uint8_t version) {
    Sections out;
    for (const auto* event : {&present, &following}) {
        std::vector<const GuideEvent*> events;
        if (*event) events.push_back(&**event);
        auto section = eit_section(s, eit_table, events, event == &present ? running : not_running, version);
        set_section_numbers(section, eit_table, {byte(out.size()), 1, 1});
        out.push_back(std::move(section));
    }
    return out;
}

Sections eit_schedule(const Service& s, const std::vector<GuideEvent>& events, Instant now,
                      std::uint8_t version) {
    // 12 events of at most 270 bytes stay under the 4,096 bytes of a section.
    constexpr std::size_t events_per_section = 12, sections_per_segment = 8;
    const auto midnight = floor<days>(now);
    constexpr int segments = max_days * segments_per_day;
    std::vector<std::vector<const GuideEvent*>> by_segment(segments);
    for (const auto& event : events) {
        const auto segment = floor<hours>(event.start - midnight).count() / 3;
        if (event.start >= midnight && segment < segments)
            by_segment[static_cast<std::size_t>(segment)].push_back(&event);
    }
    Sections out;
    std::vector<std::pair<std::uint8_t, std::uint8_t>> numbers;
    for (std::size_t i = 0; i < by_segment.size(); ++i) {
        const auto& all = by_segment[i];
        const auto needed = std::clamp<std::size_t>(
            (all.size() + events_per_section - 1) / events_per_section, 1, sections_per_segment);
        for (std::size_t part = 0; part < needed; ++part) {
            const auto from = std::min(all.size(), part * events_per_section),
                       to = std::min(all.size(), from + events_per_section);
            out.push_back(eit_section(s, schedule_table,
                                      {all.begin() + static_cast<std::ptrdiff_t>(from),
                                       all.begin() + static_cast<std::ptrdiff_t>(to)},
                                      0, version));
            numbers.emplace_back(byte(i * 8 + part), byte(i * 8 + needed - 1));
        }
    }
    assert(out.size() == numbers.size());
    for (std::size_t i = 0; i < out.size(); ++i)
        set_section_numbers(out[i], schedule_table,
                            {numbers[i].first, numbers.back().first, numbers[i].second});
    return out;
}

LocalTime parse_local_time(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    const auto country = CountryCode::from_text(text.substr(0, 3));
    const bool formed = text.size() == 9 && country && (text[3] == '+' || text[3] == '-') && digit(4) &&
                        digit(5) && text[6] == ':' && digit(7) && digit(8);
    if (formed) {
        const auto number = [&](std::size_t i) { return (text[i] - '0') * 10 + text[i + 1] - '0'; };
        const auto offset = (text[3] == '-' ? -1 : 1) * (hours{number(4)} + minutes{number(7)});
        if (number(7) < 60 && offset >= -12h && offset <= 14h) return {*country, offset};
    }
    throw Error("'" + std::string(text) +
                "' is no local time; write a country's three letters and its offset from UTC, THA+07:00");
}

Sections time_sections(const Service& service, Instant now) {
    const auto t = dvb_time(now);
    const Bytes time{byte(t >> 32), byte(t >> 24), byte(t >> 16), byte(t >> 8), byte(t)};
    Bytes tdt{0x70, 0x70, 5};
    append(tdt, time);
    if (!service.local_time) return {tdt};
    const auto& local = *service.local_time;
    const hh_mm_ss offset(local.offset < 0min ? -local.offset : local.offset);
    const Bytes hours_minutes{byte(bcd(offset.hours().count())), byte(bcd(offset.minutes().count()))};
    auto about = letters(local.country.text());
    about.push_back(local.offset < 0min ? 0x03 : 0x02);  // the whole country; reserved bit; polarity
    append(about, hours_minutes);
    const auto change = dvb_time(floor<days>(now) + days{365});
    append(about,
           {byte(change >> 32), byte(change >> 24), byte(change >> 16), byte(change >> 8), byte(change)});
    append(about, hours_minutes);
    Bytes tot{0x73, 0x70, 0};  // short section syntax, but with a CRC (5.2.6)
    append(tot, time);
    append(tot, {0xf0, byte(about.size() + 2), tag::local_time_offset, byte(about.size())});
    append(tot, about);
    tot[2] = byte(tot.size() - 3 + 4);
    append_crc(tot);
    return {tdt, tot};
}

}  // namespace riverlight::player
