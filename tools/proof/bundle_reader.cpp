#include "tools/proof/bundle_reader.hpp"

#include "content/base/error.hpp"

namespace riverlight::proof {

std::string BundleReader::where() const {
    return name_ + ", line " + std::to_string(number_);
}

/// False behind the last line.
bool BundleReader::read_text() {
    text_.clear();
    ++number_;
    auto* bytes = in_.rdbuf();
    for (;;) {
        const auto next = bytes->sbumpc();
        if (next == std::char_traits<char>::eof()) {
            if (text_.empty()) return false;
            throw ReadError(ReadFault::missing, where(), "has no end: the bundle was cut off");
        }
        if (next == '\n') return true;
        if (text_.size() == longest_line) throw ReadError(ReadFault::too_large, where(), "is too long");
        text_ += std::char_traits<char>::to_char_type(next);
    }
}

std::optional<Line> BundleReader::next() {
    if (!read_text()) return std::nullopt;
    return parse_line(text_, where());
}

}  // namespace riverlight::proof
