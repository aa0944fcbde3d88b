#include "content/base/canonical_object.hpp"

#include <algorithm>
#include <cassert>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight {

namespace canonical {

void require_readable(std::string_view text) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (!is_utf8(text) || std::any_of(text.begin(), text.end(), is_control))
        throw Error("canonical JSON cannot hold the text '" + plain_text(text, 80) +
                    "': it has control characters or is not UTF-8");
}

void require_readable(std::int64_t number) {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    if (number < -most || number > most)
        throw Error("canonical JSON cannot hold an integer beyond 2^53: not every reader keeps it");
}

void append(std::string& out, std::string_view text) {
    const auto is_escaped = [](char c) { return c == '"' || c == '\\'; };
    out += '"';
    if (std::none_of(text.begin(), text.end(), is_escaped))
        out += text;
    else
        for (const char c : text) {
            if (is_escaped(c)) out += '\\';
            out += c;
        }
    out += '"';
}

}  // namespace canonical

void CanonicalObject::begin(std::string_view key) {
    assert(out_.empty() || last_ < key);
    canonical::require_readable(key);
    out_ += out_.empty() ? '{' : ',';
    canonical::append(out_, key);
    out_ += ':';
    last_ = key;
}

void CanonicalObject::add(std::string_view key, std::string_view text) {
    canonical::require_readable(text);
    begin(key);
    canonical::append(out_, text);
}

void CanonicalObject::add(std::string_view key, std::int64_t number) {
    canonical::require_readable(number);
    begin(key);
    out_ += std::to_string(number);
}

void CanonicalObject::add_null(std::string_view key) {
    begin(key);
    out_ += "null";
}

std::string CanonicalObject::text() && {
    if (out_.empty()) out_ = "{";
    out_ += '}';
    return std::move(out_);
}

}  // namespace riverlight
