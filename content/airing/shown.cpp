#include "content/airing/shown.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdio>

namespace riverlight::content {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::int64_t sample_rate = 48'000;
constexpr milliseconds longest_item = hours{24};
/// The slowest frame rate of an outlet: the longest that so many frames can have lasted.
constexpr double slowest_frames_a_second = 24'000.0 / 1001;
/// Of frames whose rate is not known.
constexpr std::int64_t usual_frames_a_second = 25;
/// A player's events come late by up to this, after an end later than after a start.
constexpr milliseconds event_delay = 2500ms;

std::optional<std::int64_t> number(const std::map<std::string, std::string>& evidence, const char* key) {
    const auto found = evidence.find(key);
    if (found == evidence.end()) return {};
    const auto& text = found->second;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return {};
    return value;
}

std::optional<milliseconds> time_of(const std::map<std::string, std::string>& evidence, const char* key) {
    const auto value = number(evidence, key);
    if (!value || *value > longest_item.count()) return {};
    return milliseconds{*value};
}

/// How long `count` samples or frames last; at most a year.
microseconds lasting(std::int64_t count, std::int64_t a_second) {
    constexpr std::int64_t year_s = 31'622'400;
    return microseconds{std::min(count, a_second * year_s) * 1'000'000 / a_second};
}

std::string in_seconds(milliseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", duration<double>(time).count());
    return text;
}

milliseconds longest_of(std::int64_t frames) {
    return ceil<milliseconds>(duration<double>(static_cast<double>(frames) / slowest_frames_a_second));
}

/// True if the evidence has outputs of a feed, and none of them sent or wrote anything.
bool nothing_left(const std::map<std::string, std::string>& evidence) {
    constexpr std::string_view outputs = "output_";
    bool counted = false;
    for (const auto& [key, words] : evidence) {
        if (!key.starts_with(outputs)) continue;
        for (const std::string_view figure : {"datagrams_sent ", "bytes_written "}) {
            const auto at = words.find(figure);
            if (at == std::string::npos) continue;
            counted = true;
            const auto digit = words.substr(at + figure.size(), 1);
            if (digit.empty() || digit[0] != '0') return false;
        }
    }
    return counted;
}

/// The most that can have been shown, by everything in the record but what it says was shown.
milliseconds most_shown(const AiringRecord& record) {
    if (!record.started) return 0ms;
    auto most = longest_of(record.frames);
    if (record.samples > 0) most = std::min(most, milliseconds{record.samples * 1000 / sample_rate + 1});
    if (record.monotonic_start && record.monotonic_end)
        most = std::min(
            most, duration_cast<milliseconds>(*record.monotonic_end - *record.monotonic_start) + event_delay);
    if (nothing_left(record.evidence)) return 0ms;
    if (const auto flips = number(record.evidence, "frames_shown")) most = std::min(most, longest_of(*flips));
    return std::max(most, 0ms);
}

milliseconds planned_length(const AiringRecord& record) {
    if (!record.planned_start || !record.planned_end) return 0ms;
    return std::clamp(duration_cast<milliseconds>(*record.planned_end - *record.planned_start), 0ms,
                      longest_item);
}

bool claims_whole(AiringStatus status) {
    return status == AiringStatus::aired || status == AiringStatus::substituted;
}

/// What the evidence supports of a status: never more than the record claims itself.
AiringStatus supported(AiringStatus claimed, const Shown& shown) {
    if (!counts_as_play(claimed)) return claimed;
    const auto found = status_of(shown);
    return found == AiringStatus::aired ? claimed : found;
}

}  // namespace

microseconds time_of_samples(std::int64_t count) {
    return lasting(count, sample_rate);
}
microseconds time_of_frames(std::int64_t count) {
    return lasting(count, usual_frames_a_second);
}

AiringStatus status_of(const Shown& shown) {
    if (shown.shown <= 0ms) return AiringStatus::failed;
    const bool whole = shown.length && shown.shown * 100 >= *shown.length * whole_percent;
    return whole && shown.end_shown ? AiringStatus::aired : AiringStatus::truncated;
}

int percent_shown(const Shown& shown) {
    if (!shown.length || *shown.length <= 0ms) return 0;
    return static_cast<int>(std::clamp<std::int64_t>(shown.shown * 100 / *shown.length, 0, 100));
}

std::string describe(const Shown& shown) {
    auto text = shown.length ? std::to_string(percent_shown(shown)) + " % was shown (" +
                                   in_seconds(shown.shown) + " of " + in_seconds(*shown.length) + " s)"
                             : in_seconds(shown.shown) + " s were shown";
    if (!shown.end_shown && shown.shown > 0ms) text += ", and not its end";
    if (shown.missed > 0ms) text += "; the first " + in_seconds(shown.missed) + " s are missing";
    return text;
}

void write_shown(const Shown& shown, std::map<std::string, std::string>& evidence) {
    if (shown.length) evidence["length_ms"] = std::to_string(shown.length->count());
    evidence["shown_ms"] = std::to_string(shown.shown.count());
    if (shown.missed > 0ms) evidence["missed_ms"] = std::to_string(shown.missed.count());
    evidence["end_shown"] = shown.end_shown ? "yes" : "no";
}

std::optional<Shown> read_shown(const std::map<std::string, std::string>& evidence) {
    const auto shown = time_of(evidence, "shown_ms");
    const auto end = evidence.find("end_shown");
    if (!shown || end == evidence.end()) return {};
    return Shown{time_of(evidence, "length_ms"), *shown, time_of(evidence, "missed_ms").value_or(0ms),
                 end->second == "yes"};
}

bool counts_as_play(const AiringRecord& record) {
    if (!counts_as_play(record.status)) return false;
    const auto shown = read_shown(record.evidence);
    return !shown || !shown->length || shown->shown * 2 >= *shown->length;
}

std::optional<microseconds> duration_of(const AiringRecord& record) {
    if (record.kind != RecordKind::airing || !record.started) return {};
    if (record.samples > 0) return time_of_samples(record.samples);
    if (record.monotonic_start && record.monotonic_end && *record.monotonic_end >= *record.monotonic_start)
        return duration_cast<microseconds>(*record.monotonic_end - *record.monotonic_start);
    return time_of_frames(record.frames);
}

Assessment assess(const AiringRecord& record) {
    Assessment found;
    found.status = record.status;
    if (record.kind != RecordKind::airing || !record.status) return found;
    const auto claimed = *record.status;
    const auto most = most_shown(record);
    auto shown = read_shown(record.evidence);
    const bool measured = shown.has_value();
    // Earlier boards give no such evidence: what they claim counts, as far as the rest of the record allows
    // it.
    if (!shown) shown = Shown{planned_length(record), most, 0ms, true};
    found.length = std::max(planned_length(record), shown->length.value_or(0ms));
    const bool too_much = measured && shown->shown > most + event_delay;
    shown->length = found.length;
    shown->shown = std::min({shown->shown, most, found.length});
    found.shown = shown->shown;
    found.status = supported(claimed, *shown);
    found.overclaims =
        too_much || (found.status != claimed && (claims_whole(claimed) || shown->shown <= 0ms));
    return found;
}

}  // namespace riverlight::content
