#include "content/journal/facts.hpp"

#include <charconv>

#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {
namespace {

std::string same_text(const std::string& text) {
    return text;
}
std::optional<std::string> any_text(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::string instant_text(const Instant& at) {
    return to_rfc3339(at);
}
std::optional<Instant> read_instant(const std::string& text) {
    return from_rfc3339(text);
}

std::string number_text(const std::int64_t& number) {
    return std::to_string(number);
}
std::optional<std::int64_t> read_number(const std::string& text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

/// `<µs> <boot id>`
std::string unsure_text(const UnsureSince& since) {
    return std::to_string(since.monotonic.time_since_epoch().count()) + ' ' + since.boot_id;
}
std::optional<UnsureSince> read_unsure(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto space = text.find(' ');
    const auto number = read_number(text.substr(0, space));
    if (!number || space == std::string::npos) return UnsureSince{};  // of no boot: only known to be unsure
    return UnsureSince{MonotonicTime(std::chrono::microseconds(*number)), text.substr(space + 1)};
}

/// `<seq> <hash>`
std::string removed_text(const RemovedUpTo& removed) {
    return std::to_string(removed.seq) + ' ' + removed.hash;
}
std::optional<RemovedUpTo> read_removed(const std::string& text) {
    const auto space = text.find(' ');
    const auto seq = read_number(text.substr(0, space));
    if (!seq || space == std::string::npos) return std::nullopt;
    return RemovedUpTo{*seq, text.substr(space + 1)};
}

/// `<RFC 3339> <why>`
std::string reduced_text(const ReducedRun& run) {
    return to_rfc3339(run.taken_over) + ' ' + run.why;
}
std::optional<ReducedRun> read_reduced(const std::string& text) {
    const auto space = text.find(' ');
    if (space == std::string::npos) return std::nullopt;
    const auto at = from_rfc3339(text.substr(0, space));
    if (!at) return std::nullopt;
    return ReducedRun{*at, text.substr(space + 1)};
}

/// Canonical JSON: [[epoch, seq, hash, at, why], …]
std::string set_aside_text(const SetAsideNotes& notes) {
    constexpr std::size_t most_notes = 50;
    boost::json::array out;
    for (std::size_t n = notes.size() > most_notes ? notes.size() - most_notes : 0; n < notes.size(); ++n)
        out.push_back(boost::json::array{notes[n].epoch, notes[n].seq, notes[n].hash, to_rfc3339(notes[n].at),
                                         plain_text(notes[n].why, 500)});
    return canonical_json(out);
}
std::optional<SetAsideNotes> read_set_aside(const std::string& text) {
    try {
        SetAsideNotes notes;
        const auto value = parse_json(text, "set-aside records");
        for (const auto& item : value.as_array()) {
            const auto& note = item.as_array();
            const auto word = [&](std::size_t n) { return std::string(note.at(n).as_string()); };
            notes.push_back({word(0), note.at(1).to_number<std::int64_t>(), word(2),
                             from_rfc3339(word(3)).value_or(Instant{}), word(4)});
        }
        return notes;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

/// Canonical JSON: [result, since, found, before, after]
std::string finding_text(const AuditFinding& finding) {
    return canonical_json(boost::json::array{std::string(to_text(finding.result)), to_rfc3339(finding.since),
                                             to_rfc3339(finding.found), finding.before, finding.after});
}
std::optional<AuditFinding> read_finding(const std::string& text) {
    try {
        const auto value = parse_json(text, "audit finding");
        const auto word = [&](std::size_t n) { return std::string(value.as_array().at(n).as_string()); };
        const auto result = parse_audit_result(word(0));
        if (!result) return std::nullopt;
        return AuditFinding{*result, from_rfc3339(word(1)).value_or(Instant{}),
                            from_rfc3339(word(2)).value_or(Instant{}), word(3), word(4)};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

constexpr bool survives = true, of_this_epoch = false;
constexpr auto salvaged = "salvaged_";

}  // namespace

namespace journal_facts {
constexpr JournalFact<std::string> format{"format", of_this_epoch, same_text, any_text};
constexpr JournalFact<std::string> board{"board", of_this_epoch, same_text, any_text};
constexpr JournalFact<std::string> epoch{"epoch", of_this_epoch, same_text, any_text};
constexpr JournalFact<std::int64_t> receipted{"receipted", of_this_epoch, number_text, read_number};
constexpr JournalFact<RemovedUpTo> removed_up_to{"removed", of_this_epoch, removed_text, read_removed};
constexpr JournalFact<std::string> set_aside{"set_aside", of_this_epoch, same_text, any_text};
constexpr JournalFact<std::string> office_key{"office_key", survives, same_text, any_text};
constexpr JournalFact<std::string> used_claim{"claim", survives, same_text, any_text};
constexpr JournalFact<Instant> latest_sure_time{"latest", survives, instant_text, read_instant};
constexpr JournalFact<Instant> in_service_since{"since", of_this_epoch, instant_text, read_instant};
constexpr JournalFact<UnsureSince> unsure_since{"since_unsure", of_this_epoch, unsure_text, read_unsure};
constexpr JournalFact<std::string> start_mode{"mode", of_this_epoch, same_text, any_text};
constexpr JournalFact<ReducedRun> reduced_run{"lesser_mode", of_this_epoch, reduced_text, read_reduced};
constexpr JournalFact<SetAsideNotes> set_aside_records{"set_aside_records", survives, set_aside_text,
                                                       read_set_aside};
constexpr JournalFact<std::string> run{"run", survives, same_text, any_text};
constexpr JournalFact<Instant> two_boards{"two_boards", survives, instant_text, read_instant};
constexpr JournalFact<std::string> tree_head{"tree_head", survives, same_text, any_text};
constexpr JournalFact<AuditFinding> audit_finding{"audit_finding", survives, finding_text, read_finding};
}  // namespace journal_facts

bool survives_rotation(std::string_view key) {
    if (key.starts_with(salvaged)) return true;
    using namespace journal_facts;
    const auto is = [key](const auto&... fact) {
        return ((fact.survives_rotation && key == fact.key) || ...);
    };
    return is(format, board, epoch, receipted, removed_up_to, set_aside, office_key, used_claim,
              latest_sure_time, in_service_since, unsure_since, start_mode, reduced_run, set_aside_records,
              run, two_boards, tree_head, audit_finding);
}

std::string salvaged_key(const std::string& file) {
    return salvaged + file;
}

std::string taken_over_key(const std::string& epoch) {
    return "took_over_" + epoch;
}

}  // namespace riverlight::content
