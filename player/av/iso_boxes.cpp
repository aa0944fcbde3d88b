#include "player/av/iso_boxes.hpp"

#include <array>
#include <cassert>
#include <span>

namespace riverlight::player::av {
namespace {

constexpr int most_boxes = 10'000;

}  // namespace

std::uint64_t IsoBoxes::number(std::int64_t at, std::size_t bytes) {
    std::array<std::uint8_t, 8> read{};
    assert(bytes <= read.size());
    if (file_.fill(at, std::span(read).first(bytes)) < bytes) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | read[i];
    return value;
}

void IsoBoxes::for_each(std::int64_t from, std::int64_t end, const std::function<void(const IsoBox&)>& take) {
    constexpr std::int64_t header = 8, large_header = 16;
    for (auto at = from; end - at >= header && seen_ < most_boxes; ++seen_) {
        std::string name(4, '\0');
        if (file_.fill(at + 4, {reinterpret_cast<std::uint8_t*>(name.data()), 4}) < 4) return;
        auto size = number(at, 4);
        const bool large = size == 1;
        if (large) size = number(at + header, 8);
        if (size == 0) size = static_cast<std::uint64_t>(end - at);  // to the end
        const auto data = at + (large ? large_header : header);
        if (size > static_cast<std::uint64_t>(end - at) || at + static_cast<std::int64_t>(size) < data)
            return;
        at += static_cast<std::int64_t>(size);
        take({name, data, at});
    }
}

}  // namespace riverlight::player::av
