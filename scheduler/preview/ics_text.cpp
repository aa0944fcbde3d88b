#include "scheduler/preview/ics_text.hpp"

namespace riverlight::scheduler {
namespace {

constexpr std::size_t longest_line = 75;  // octets without CRLF: RFC 5545, 3.1

bool continues_letter(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::string ics_line(std::string_view line) {
    std::string out;
    for (auto room = longest_line; line.size() > room; room = longest_line - 1) {
        auto cut = room;
        while (cut > 1 && continues_letter(line[cut])) --cut;
        out += std::string(line.substr(0, cut)) + "\r\n ";
        line.remove_prefix(cut);
    }
    return out + std::string(line) + "\r\n";
}

std::string ics_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (c == '\\' || c == ';' || c == ',') {
            out += {'\\', c};
        } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
            out += c;
        }
    }
    return out;
}

std::string ics_utc(Instant at) {
    std::string out;
    for (const char c : to_rfc3339(at).substr(0, 19)) {
        if (c != '-' && c != ':') out += c;
    }
    return out + 'Z';
}

}  // namespace riverlight::scheduler
