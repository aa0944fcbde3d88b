#include "player/av/bitstream.hpp"

#include <algorithm>
#include <cassert>

#include "content/base/crypto.hpp"

namespace riverlight::player {
namespace bitstream {
namespace {

constexpr std::uint8_t start_code[4] = {0, 0, 0, 1};

/// Index of the next start code (00 00 01) at or after `from`; the size where there is none.
std::size_t find_start(Span b, std::size_t from) {
    for (auto i = from; i + 3 <= b.size(); ++i)
        if (b[i] == 0 && b[i + 1] == 0 && b[i + 2] == 1) return i;
    return b.size();
}

void append_unit(Bytes& out, Span unit) {
    out.insert(out.end(), start_code, start_code + 4);
    out.insert(out.end(), unit.begin(), unit.end());
}

constexpr int sei = 6, sps = 7, pps = 8, user_data_unregistered = 5;
int nal_type(Span unit) {
    assert(!unit.empty());
    return unit[0] & 0x1f;
}

}  // namespace

void each_unit(Span b, const std::function<void(Span)>& visit) {
    for (auto at = find_start(b, 0); at < b.size();) {
        const auto from = at + 3;
        at = find_start(b, from);
        auto end = at;
        while (end > from && at < b.size() && b[end - 1] == 0) --end;  // a start code of four bytes
        if (end > from) visit(b.subspan(from, end - from));
    }
}

Bytes without_signature(Span access_unit) {
    Bytes out;
    out.reserve(access_unit.size() + 16);
    each_unit(access_unit, [&](Span unit) {
        const bool signature = nal_type(unit) == sei && unit.size() > 1 && unit[1] == user_data_unregistered;
        if (!signature) append_unit(out, unit);
    });
    return out;
}

Bytes parameter_sets(Span access_unit) {
    Bytes out;
    each_unit(access_unit, [&](Span unit) {
        if (nal_type(unit) == sps || nal_type(unit) == pps) append_unit(out, unit);
    });
    return out;
}

bool to_start_codes(Bytes& b) {
    std::size_t at = 0;
    while (at + 4 <= b.size()) {
        const auto size =
            std::size_t{b[at]} << 24 | std::size_t{b[at + 1]} << 16 | std::size_t{b[at + 2]} << 8 | b[at + 3];
        if (size == 0 || size > b.size() - at - 4) return false;
        std::copy(start_code, start_code + 4, b.begin() + static_cast<std::ptrdiff_t>(at));
        at += 4 + size;
    }
    return at == b.size() && at > 0;
}

Bytes with_adts(Span raw) {
    const auto size = raw.size() + adts_size;
    // MPEG-4, no CRC; AAC-LC, 48 kHz, two channels; buffer fullness 0x7ff: variable.
    Bytes out{0xff,
              0xf1,
              0x4c,
              static_cast<std::uint8_t>(0x80 | size >> 11),
              static_cast<std::uint8_t>(size >> 3),
              static_cast<std::uint8_t>((size & 7) << 5 | 0x1f),
              0xfc};
    out.insert(out.end(), raw.begin(), raw.end());
    return out;
}

}  // namespace bitstream

std::string parameter_digest(std::span<const std::uint8_t> access_unit, VideoCodec codec) {
    Bytes sets;
    if (codec == VideoCodec::h264) {
        sets = bitstream::parameter_sets(access_unit);
    } else {
        bitstream::each_unit(access_unit, [&](auto unit) {  // sequence header and sequence extension
            const bool extension = unit[0] == 0xb5 && unit.size() > 1 && unit[1] >> 4 == 1;
            if (unit[0] == 0xb3 || extension) sets.insert(sets.end(), unit.begin(), unit.end());
        });
    }
    return sets.empty() ? std::string{}
                        : sha256_hex({reinterpret_cast<const char*>(sets.data()), sets.size()});
}

}  // namespace riverlight::player
