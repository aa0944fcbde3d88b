#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "content/airing/record.hpp"

/// Reads records in the form in which they are written, without a tree of values: a tenth of the work. For
/// this room only.
namespace riverlight::content {

/// A record that stands at the begin of a text.
struct CanonicalRecord {
    AiringRecord record;
    std::size_t length = 0;                    ///< bytes of the text that are it
    std::size_t hash_begin = 0, hash_end = 0;  ///< which of them hold its hash
};
/// Reads a record that is written byte by byte as record_json() writes it, with its hash. Nothing for any
/// other text, be it a record or not: parse_record() reads that one, or says what is wrong with it. What is
/// read here is what parse_record() reads. What follows the record is not looked at.
[[nodiscard]] std::optional<CanonicalRecord> read_canonical_record(std::string_view text);
/// record_hash() of what was read from the begin of that text.
[[nodiscard]] std::string hash_of(const CanonicalRecord& found, std::string_view text);

}  // namespace riverlight::content
