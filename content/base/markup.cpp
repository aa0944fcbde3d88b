#include "content/base/markup.hpp"

#include "content/base/plain_text.hpp"

namespace riverlight {

std::string markup_escaped(std::string_view text) {
    if (!is_utf8(text)) return markup_escaped(plain_text(text));
    std::string out;
    out.reserve(text.size() + 16);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r') out += c;
        }
    }
    return out;
}

}  // namespace riverlight
