#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/airing/record.hpp"
#include "content/audit/tree_head.hpp"
#include "content/merkle/merkle.hpp"
#include "tools/office/figures/doubt.hpp"
#include "tools/office/figures/tally.hpp"

/// A proof bundle: an office's figures for some days, with all that they are counted from, for whoever does
/// not want to trust the office. JSON Lines: one object a line, each with its kind in `line`, so that it is
/// written and checked in little memory. The order is
///
///     bundle, head*, place { key*, day*, epoch { (record | hash | signature | inclusion)* } }, end
///
/// Within a place, records stand by board, epoch and seq, without a gap.
namespace riverlight::proof {

inline constexpr std::size_t longest_line = 8U << 20;         ///< bytes
inline constexpr std::size_t most_days = 400;                 ///< of a place
inline constexpr std::size_t most_lines_an_inclusion = 1000;  ///< records that one inclusion line may prove

/// The first line: {"line":"bundle","format":1,"country","from","head","made","until"}.
struct Opening {
    std::chrono::local_days from{}, until{};  ///< both included
    std::string country;                      ///< ISO 3166-1 alpha-2; empty: all
    Instant made{};
    content::TreeHead head;  ///< of the list that the records are proved to be in
};
/// A head that the office kept: {"line":"head","growth":[hash…],"head"}.
struct EarlierHead {
    content::TreeHead head;
    std::vector<merkle::Hash> growth;  ///< that the list of the bundle's head begins with this one's
};
/// {"line":"place","country","hashes_only","name","place"}.
struct PlaceLine {
    std::string place, name, country;
    bool hashes_only = false;  ///< what its records say stays in the country
};
/// A key with which a board of the place enrolled: {"line":"key","board","enrolled","place","public_key"}.
struct KeyLine {
    std::string board, public_key, place;
    Instant enrolled{};
};
/// {"line":"day","began","day","ended","figures":[[campaign, segment, locale, 11 numbers]…],"plan","since"};
/// `plan`: base64 of the packed plan (tools/office/figures/packed_plan.hpp).
struct DayLine {
    std::chrono::local_days day{};
    Instant from{}, until{};  ///< the broadcast day
    Instant since{};          ///< promises from then on count
    std::string plan;         ///< packed
    std::map<office::Subject, office::Tally> figures;
};
/// {"line":"epoch","board","epoch"}.
struct EpochLine {
    std::string board, epoch;
};
/// {"line":"record","doubt","index","record"}.
struct RecordLine {
    std::uint64_t index = 0;  ///< in the office's list
    content::AiringRecord record;
    std::optional<office::Doubt> doubt;  ///< the office counts it nowhere
};
/// A record that is known by its hash alone: {"line":"hash","hash","index","seq"}.
struct HashLine {
    std::uint64_t index = 0;
    std::int64_t seq = 0;
    std::string hash;
};
/// What the board signed of the records up to `last`, the record in the line before:
/// {"line":"signature","first","last","signature"}.
struct SignatureLine {
    std::int64_t first = 0, last = 0;
    std::string signature;
};
/// That the records since the last one of these are in the list: {"line":"inclusion","proof":[hash…]}.
struct InclusionLine {
    std::vector<merkle::Hash> proof;
};
/// {"line":"end","places","records"}: a bundle without it was cut off.
struct EndLine {
    std::uint64_t places = 0, records = 0;  ///< `records`: those of record and hash lines
};
using Line = std::variant<Opening, EarlierHead, PlaceLine, KeyLine, DayLine, EpochLine, RecordLine, HashLine,
                          SignatureLine, InclusionLine, EndLine>;

/// With its line end.
[[nodiscard]] std::string write_line(const Line& line);
/// `where` names the line in messages. Throws ReadError and Error for anything else.
[[nodiscard]] Line parse_line(std::string_view text, const std::string& where);

}  // namespace riverlight::proof
