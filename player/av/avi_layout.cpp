#include "player/av/avi_layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

namespace riverlight::player::av {
namespace {

constexpr std::int64_t header_size = 8, list_header_size = 12;
/// Of all kinds. An hour of 120 pictures a second, each with a piece of sound, has fewer.
constexpr std::size_t most_chunks = 1'000'000, most_streams = 100;

/// libavformat's muxer announces buffers of this size, whatever the file needs.
constexpr std::uint32_t buffer_of_libav = 1024 * 1024;

using Header = std::array<std::uint8_t, 64>;

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t at) {
    return bytes[at] | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 16 | static_cast<std::uint32_t>(bytes[at + 3]) << 24;
}

/// `00dc`, `01wb`: a stream's number and what it holds.
bool is_chunk_of_stream(std::string_view name) {
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    const auto kind = name.substr(2);
    return digit(name[0]) && digit(name[1]) && (kind == "dc" || kind == "db" || kind == "wb");
}

bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

class LayoutReader {
  public:
    explicit LayoutReader(VerifiedFile& file) : file_(file) {}

    AviLayout run() {
        std::int64_t at = 0;
        for (std::size_t seen = 0; seen < most_chunks; ++seen) {
            Header head{};
            if (file_.fill(at, std::span(head).first(list_header_size)) < header_size) break;
            const std::string_view name(reinterpret_cast<const char*>(head.data()), 4);
            if (!is_name(name)) break;
            if (name == "RIFF" || name == "LIST") {  // what it holds follows
                at += list_header_size;
                continue;
            }
            if (is_chunk_of_stream(name) && !layout_.written_by_libav) break;
            const auto size = number(head, 4);
            take(std::string(name), size, at + header_size);
            at += header_size + std::int64_t{size} + (size & 1);
        }
        for (const auto& stream : layout_.streams) layout_.written_by_libav &= stream.start == 0;
        return std::move(layout_);
    }

  private:
    void take(const std::string& name, std::uint32_t size, std::int64_t at) {
        if (is_chunk_of_stream(name)) {
            const auto digit = [&](std::size_t i) { return static_cast<std::size_t>(name[i] - '0'); };
            const auto stream = digit(0) * 10 + digit(1);
            layout_.chunks.push_back({stream, size, at});
        }
        Header data{};
        if (name == "avih" && file_.fill(at, data) >= 32)
            layout_.written_by_libav = number(data, 28) == buffer_of_libav;
        if (name == "strh" && layout_.streams.size() < most_streams && file_.fill(at, data) >= 48)
            layout_.streams.push_back(
                {number(data, 20), number(data, 24), number(data, 28), number(data, 44)});
    }

    VerifiedFile& file_;
    AviLayout layout_;
};

}  // namespace

AviLayout read_avi_layout(VerifiedFile& file) {
    return LayoutReader(file).run();
}

}  // namespace riverlight::player::av
