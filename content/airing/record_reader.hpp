#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "content/airing/batch_head.hpp"
#include "content/airing/record.hpp"
#include "content/base/json.hpp"

/// What record and batch share; for this room only.
namespace riverlight::content {

/// Largest integer of a record: exact in every JSON reader.
inline constexpr std::int64_t most = std::int64_t{1} << 53;

inline constexpr std::size_t longest_batch = 8U << 20;  ///< bytes
/// Of a batch in canonical form: what stands in front of its records and behind them. Its head follows.
inline constexpr std::string_view records_begin = "{\"airings\":[", records_end = "],";
/// The head of a batch in canonical form, from behind `records_end` on to the end of the text. Nothing for
/// another text.
[[nodiscard]] std::optional<BatchHead> read_canonical_head(std::string_view text);

/// `at` within the years 0 to 9999: what RFC 3339 can write.
[[nodiscard]] Instant writable_instant(Instant at);
/// As parse_record(), of a value that is part of something larger.
[[nodiscard]] AiringRecord read_record(const boost::json::value& value, const std::string& what);
/// The inverse of record_id(): sets `kind` and `airing`. Needs the record's boot, segment and locale_asked.
void set_record_id(AiringRecord& record, const std::string& id);
/// Makes record_id() plain text of at most `longest` bytes that reads back to the same kind. Needs the
/// record's other texts plain.
void limit_id(AiringRecord& record, std::size_t longest);

}  // namespace riverlight::content
