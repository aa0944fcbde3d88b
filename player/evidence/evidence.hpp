#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace riverlight::player {

/// One measurement of an outlet: a fact of the moment, as text, or a count since the outlet's start.
using Measurement = std::variant<std::string, std::int64_t>;
/// What an outlet measured of itself, by name.
using Evidence = std::map<std::string, Measurement>;

/// The facts of `after`, and how far its counts grew since `before`.
[[nodiscard]] Evidence evidence_between(const Evidence& before, const Evidence& after);

[[nodiscard]] std::string to_text(const Measurement& measurement);
/// As text, for events and records.
[[nodiscard]] std::map<std::string, std::string> to_text(const Evidence& evidence);

}  // namespace riverlight::player
