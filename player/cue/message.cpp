#include "player/cue/message.hpp"

#include "content/base/error.hpp"

namespace riverlight::player {

boost::json::value parse_message(std::string_view line) {
    return parse_json(line, message_name, {.bytes = longest_line, .depth = 5, .values = 2000});
}

std::optional<Instant> read_instant(JsonFields& fields, std::string_view key) {
    if (!fields.optional(key)) return {};
    const auto at = from_rfc3339(fields.text(key, 64));
    if (!at)
        throw Error(std::string(message_name) + ": '" + std::string(key) + "' is not an RFC 3339 instant");
    return at;
}

Instant require_instant(JsonFields& fields, std::string_view key) {
    const auto at = read_instant(fields, key);
    if (!at) throw Error(std::string(message_name) + ": needs '" + std::string(key) + "'");
    return *at;
}

}  // namespace riverlight::player
