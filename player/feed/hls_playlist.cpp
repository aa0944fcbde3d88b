#include "player/feed/hls_playlist.hpp"

#include <charconv>
#include <cstdio>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono;

constexpr std::size_t most_bytes = 64UL << 10;

/// RFC 3339 to the millisecond, as 4.3.2.6 has it.
std::string date(Instant at) {
    return to_rfc3339(floor<milliseconds>(at)).substr(0, 23) + "Z";
}

std::string seconds_text(microseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.5f", static_cast<double>(time.count()) / 1e6);
    return text;
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
    return ec == std::errc{} && end != text.data();
}

bool take(std::string_view& line, std::string_view tag) {
    if (!line.starts_with(tag)) return false;
    line.remove_prefix(tag.size());
    return true;
}

}  // namespace

void HlsPlaylist::go_on_with(std::string_view text) {
    if (text.size() > most_bytes || !text.starts_with("#EXTM3U\n")) return;
    HlsPlaylist read(window_, target_);
    Segment segment;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        double length = 0;
        if (take(line, "#EXT-X-MEDIA-SEQUENCE:")) {
            if (!read_number(line, read.first_) || read.first_ < 0) return;
        } else if (take(line, "#EXT-X-DISCONTINUITY-SEQUENCE:")) {
            if (!read_number(line, read.discontinuities_)) return;
        } else if (take(line, "#EXT-X-DISCONTINUITY")) {
            segment.discontinuity = true;
        } else if (take(line, "#EXT-X-PROGRAM-DATE-TIME:")) {
            segment.begins = from_rfc3339(line).value_or(Instant{});
        } else if (take(line, "#EXTINF:")) {
            if (!read_number(line, length) || !(length > 0 && length < 3600)) return;
            segment.duration = microseconds{static_cast<std::int64_t>(length * 1e6)};
        } else if (!line.empty() && line.front() != '#') {
            if (line.find('/') != line.npos || segment.duration.count() == 0) return;  // never wrote that
            segment.name = line;
            read.add(std::exchange(segment, {}));
        }
    }
    *this = read;
}

void HlsPlaylist::add(Segment segment) {
    segments_.push_back(std::move(segment));
    if (segments_.size() <= window_) return;
    discontinuities_ += segments_.front().discontinuity;
    segments_.pop_front();
    ++first_;
}

std::string HlsPlaylist::text() const {
    std::string out = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:" + std::to_string(target_.count()) +
                      "\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first_) +
                      "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(discontinuities_) +
                      "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    for (const auto& s : segments_) {
        if (s.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
        out += "#EXT-X-PROGRAM-DATE-TIME:" + date(s.begins) + "\n#EXTINF:" + seconds_text(s.duration) +
               ",\n" + s.name + '\n';
    }
    return out;
}

}  // namespace riverlight::player
