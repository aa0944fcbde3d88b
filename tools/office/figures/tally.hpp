#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

/// Promises counted by outcome.
namespace riverlight::office {

/// What became of a promise (settle.hpp).
enum class Outcome {
    aired,     ///< whole, as promised
    partly,    ///< truncated or substituted
    missed,    ///< skipped, failed or interrupted, and the board said so
    silent,    ///< its time is over and nothing that can be believed was heard of it
    upcoming,  ///< its time is not over
    waived  ///< it does not stand: planned again, no board there, or made after its time; in none of the sums
};
/// As exports name it.
[[nodiscard]] std::string_view to_text(Outcome outcome);

/// Every promise that stands is in exactly one of the first five.
struct Tally {
    int aired = 0;
    int partly = 0;
    int missed = 0;
    int silent = 0;
    int upcoming = 0;
    int waived = 0;
    int filler = 0;                              ///< aired without being promised: fillers and takeovers
    int unplanned = 0;                           ///< aired though in no plan
    std::chrono::milliseconds due_time{};        ///< how long what was due was planned
    std::chrono::milliseconds shown{};           ///< of what was promised, as boards' evidence supports it
    std::chrono::milliseconds filler_time{};     ///< shown of fillers and takeovers
    std::chrono::milliseconds unplanned_time{};  ///< shown though in no plan

    [[nodiscard]] int planned() const { return aired + partly + missed + silent + upcoming; }
    [[nodiscard]] int due() const { return planned() - upcoming; }
    /// The count of an outcome.
    [[nodiscard]] int& of(Outcome outcome);
    Tally& operator+=(const Tally& other);
    friend bool operator==(const Tally&, const Tally&) = default;
};

/// Whole percent of what was due that aired, rounded down so that 100 means all of it. Nothing if none was
/// due.
[[nodiscard]] std::optional<int> percent_aired(const Tally& tally);
/// The same of the time that was due and shown.
[[nodiscard]] std::optional<int> percent_shown(const Tally& tally);

/// What a tally is about.
struct Subject {
    std::string campaign, segment, locale;
    friend bool operator<(const Subject& a, const Subject& b) {
        return std::tie(a.campaign, a.segment, a.locale) < std::tie(b.campaign, b.segment, b.locale);
    }
};
/// By which part of its subject a day is split.
enum class Split { campaign, segment, locale };
/// Adds up tallies by one part of their subjects.
[[nodiscard]] std::map<std::string, Tally> split_by(Split split, const std::map<Subject, Tally>& tallies);

}  // namespace riverlight::office
