#include "player/feed/hls_playlist.hpp"

#include <cassert>
#include <charconv>
#include <cstdio>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr std::size_t max_bytes = 64UL << 10;

/// RFC 3339 to the millisecond (4.3.2.6).
std::string date_text(Instant at) {
    return to_rfc3339(floor<milliseconds>(at)).substr(0, 23) + "Z";
}

std::string seconds_text(microseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.5f", duration<double>(time).count());
    return text;
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
    return ec == std::errc{} && end != text.data();
}

/// Removes the tag from the front of the line, if it is there.
bool take_tag(std::string_view& line, std::string_view tag) {
    if (!line.starts_with(tag)) return false;
    line.remove_prefix(tag.size());
    return true;
}

}  // namespace

HlsPlaylist::HlsPlaylist(std::size_t window, std::chrono::seconds target) : window_(window), target_(target) {
    assert(window > 0 && target > 0s);
}

void HlsPlaylist::begin_at(std::int64_t sequence) {
    assert(segments_.empty());
    first_number_ = sequence;
}

void HlsPlaylist::resume(std::string_view text) {
    if (text.size() > max_bytes || !text.starts_with("#EXTM3U\n")) return;
    HlsPlaylist read(window_, target_);
    Segment segment;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        double length = 0;
        if (take_tag(line, "#EXT-X-MEDIA-SEQUENCE:")) {
            if (!read_number(line, read.first_number_) || read.first_number_ < 0) return;
        } else if (take_tag(line, "#EXT-X-DISCONTINUITY-SEQUENCE:")) {
            if (!read_number(line, read.discontinuities_)) return;
        } else if (take_tag(line, "#EXT-X-DISCONTINUITY")) {
            segment.discontinuity = true;
        } else if (take_tag(line, "#EXT-X-PROGRAM-DATE-TIME:")) {
            segment.begins = from_rfc3339(line).value_or(Instant{});
        } else if (take_tag(line, "#EXTINF:")) {
            if (!read_number(line, length) || !(length > 0 && length < 3600)) return;
            segment.duration = microseconds{static_cast<std::int64_t>(length * 1e6)};
        } else if (!line.empty() && line.front() != '#') {
            if (line.find('/') != line.npos || segment.duration.count() == 0) return;  // not ours
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
    ++first_number_;
    assert(segments_.size() == window_);
}

std::string HlsPlaylist::text() const {
    std::string out = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:" + std::to_string(target_.count()) +
                      "\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first_number_) +
                      "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(discontinuities_) +
                      "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    for (const auto& s : segments_) {
        if (s.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
        out += "#EXT-X-PROGRAM-DATE-TIME:" + date_text(s.begins) + "\n#EXTINF:" + seconds_text(s.duration) +
               ",\n" + s.name + '\n';
    }
    return out;
}

}  // namespace riverlight::player
