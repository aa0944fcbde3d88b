#pragma once
#include <rapidcheck.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "content/base/plain_text.hpp"

/// Whatever a player, a library or a server may say in a record.
namespace riverlight::content::test {

/// Texts as they come from outside: any bytes, scripts of several bytes a character, some of them cut.
inline rc::Gen<std::string> any_text() {
    const auto piece = rc::gen::oneOf(
        rc::gen::arbitrary<std::string>(),
        rc::gen::elementOf(std::vector<std::string>{"ក", "\xE1\x9E", "\n", "\t", "\x1b[31m", "\"", "\\", "คน",
                                                    "", std::string(1, '\0'), std::string(70, 'x')}));
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
        std::string all;
        for (const auto& one : pieces) all += one;
        return all;
    });
}

/// A text that does not say another kind than its record's.
inline rc::Gen<std::string> any_airing() {
    return rc::gen::suchThat(any_text(),
                             [](const auto& text) { return !plain_text(text).starts_with("unplanned-"); });
}

inline rc::Gen<std::int64_t> any_number() {
    return rc::gen::oneOf(
        rc::gen::arbitrary<std::int64_t>(),
        rc::gen::elementOf(std::vector<std::int64_t>{
            0, -1, std::int64_t{1} << 53, (std::int64_t{1} << 53) + 1,
            std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}));
}

inline std::optional<Instant> any_instant() {
    if (!*rc::gen::arbitrary<bool>()) return {};
    return Instant{std::chrono::microseconds(*any_number())};
}

template <class Value, class Unit>
std::optional<Value> any_count() {
    if (!*rc::gen::arbitrary<bool>()) return {};
    return Value(Unit(*any_number()));
}

inline AiringRecord any_record() {
    AiringRecord r;
    r.kind = *rc::gen::element(RecordKind::airing, RecordKind::time_fix, RecordKind::time_gap,
                               RecordKind::withdrawal);
    for (auto* text :
         {&r.board, &r.epoch, &r.outlet, &r.place, &r.booking, &r.campaign, &r.segment, &r.sha256,
          &r.locale_asked, &r.locale_aired, &r.boot_id, &r.reason, &r.previous, &r.hash})
        *text = *any_text();
    if (r.kind == RecordKind::airing) r.airing = *any_airing();
    for (auto* number : {&r.seq, &r.revision, &r.frames, &r.lost, &r.repeated, &r.samples})
        *number = *any_number();
    for (auto* at : {&r.planned_start, &r.planned_end, &r.started, &r.ended}) *at = any_instant();
    r.clock = *rc::gen::element(ClockState::floor, ClockState::unsynchronised, ClockState::synchronised);
    r.clock_error = any_count<std::chrono::milliseconds, std::chrono::milliseconds>();
    r.monotonic_start = any_count<MonotonicTime, std::chrono::microseconds>();
    r.monotonic_end = any_count<MonotonicTime, std::chrono::microseconds>();
    if (*rc::gen::arbitrary<bool>()) r.status = *rc::gen::elementOf(every_airing_status);
    r.evidence = *rc::gen::container<std::map<std::string, std::string>>(any_text(), any_text());
    return r;
}

}  // namespace riverlight::content::test
