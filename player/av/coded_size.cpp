#include "player/av/coded_size.hpp"

#include <vector>

#include "player/av/bitstream.hpp"

namespace riverlight::player::av {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// The bits of a unit, without the bytes that keep start codes out of it (ISO/IEC 14496-10, 7.4.1). Where
/// it ends, zeros follow, and `overran()`.
class UnitBits {
  public:
    explicit UnitBits(Bytes unit) {
        int zeros = 0;
        for (const auto byte : unit) {
            if (zeros >= 2 && byte == 3) {
                zeros = 0;
                continue;
            }
            zeros = byte == 0 ? zeros + 1 : 0;
            bytes_.push_back(byte);
        }
    }
    [[nodiscard]] bool overran() const { return at_ > bytes_.size() * 8; }
    [[nodiscard]] std::uint32_t bits(int count) {
        std::uint32_t value = 0;
        for (; count > 0; --count, ++at_) {
            const bool one = at_ / 8 < bytes_.size() && (bytes_[at_ / 8] >> (7 - at_ % 8) & 1);
            value = value << 1 | (one ? 1U : 0U);
        }
        return value;
    }
    void skip(std::size_t count) { at_ += count; }
    /// ue(v): 9.1. Up to 2^32 − 2.
    [[nodiscard]] std::uint32_t number() {
        int zeros = 0;
        while (zeros < 32 && !overran() && bits(1) == 0) ++zeros;
        return static_cast<std::uint32_t>((std::uint64_t{1} << zeros) - 1 + bits(zeros));
    }
    void skip_number() { static_cast<void>(number()); }

  private:
    std::vector<std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

/// 7.3.2.1.1.1: the numbers are se(v), of which only whether they are 0 counts here.
void skip_scaling_list(UnitBits& set, int size) {
    int last = 8, next = 8;
    for (int i = 0; i < size && !set.overran(); ++i) {
        if (next != 0) {
            const auto code = static_cast<int>(set.number() & 0xffff);
            next = (last + (code & 1 ? (code + 1) / 2 : -code / 2)) & 0xff;
        }
        last = next == 0 ? last : next;
    }
}

/// ISO/IEC 14496-10, 7.3.2.1.1: a sequence parameter set, from its first byte on.
std::optional<DeclaredSize> size_of_h264(Bytes unit) {
    constexpr std::uint32_t of_all_chroma = 3;
    UnitBits set(unit);
    set.skip(8);
    const auto profile = set.bits(8);
    set.skip(16);
    set.skip_number();
    if (profile == 100 || profile == 110 || profile == 122 || profile == 244 || profile == 44 ||
        profile == 83 || profile == 86 || profile == 118 || profile == 128) {
        const auto chroma = set.number();
        if (chroma == of_all_chroma) set.skip(1);
        set.skip_number();
        set.skip_number();
        set.skip(1);
        const bool scaled = set.bits(1) == 1;
        for (int i = 0; scaled && i < (chroma == of_all_chroma ? 12 : 8); ++i)
            if (set.bits(1) == 1) skip_scaling_list(set, i < 6 ? 16 : 64);
    }
    set.skip_number();
    const auto order = set.number();
    if (order == 0) set.skip_number();
    if (order == 1) {
        set.skip(1);
        set.skip_number();
        set.skip_number();
        const auto cycle = set.number();
        for (std::uint32_t i = 0; i < cycle && i < 256; ++i) set.skip_number();
    }
    set.skip_number();
    set.skip(1);
    const std::int64_t across = std::int64_t{set.number()} + 1, down = std::int64_t{set.number()} + 1;
    const bool in_frames = set.bits(1) == 1;
    if (set.overran()) return {};
    return DeclaredSize{across * 16, down * (in_frames ? 16 : 32)};
}

/// ITU-T H.265, 7.3.2.2.1 and 7.3.3, from the unit's first byte on.
std::optional<DeclaredSize> size_of_hevc(Bytes unit) {
    UnitBits set(unit);
    set.skip(16 + 4);
    const auto layers = set.bits(3);  // less one
    set.skip(1 + 96);
    std::uint32_t profiles = 0, levels = 0;
    for (std::uint32_t i = 0; i < layers; ++i) {
        profiles += set.bits(1);
        levels += set.bits(1);
    }
    if (layers > 0) set.skip(std::size_t{8 - layers} * 2);
    set.skip(std::size_t{profiles} * 88 + std::size_t{levels} * 8);
    set.skip_number();
    if (set.number() == 3) set.skip(1);
    const DeclaredSize size{set.number(), set.number()};
    if (set.overran()) return {};
    return size;
}

/// ISO/IEC 13818-2, 6.2.2.1 and 6.2.2.3: twelve bits of each side, two more in the extension.
std::optional<DeclaredSize> size_of_mpeg2(Bytes sets) {
    std::optional<DeclaredSize> size;
    bitstream::each_unit(sets, [&](Bytes unit) {
        UnitBits bits(unit);
        const auto code = bits.bits(8);
        if (code == 0xb3) {
            const std::int64_t width = bits.bits(12), height = bits.bits(12);
            size = DeclaredSize{width, height};
        } else if (code == 0xb5 && size && bits.bits(4) == 1) {
            bits.skip(8 + 1 + 2);
            size->width |= std::int64_t{bits.bits(2)} << 12;
            size->height |= std::int64_t{bits.bits(2)} << 12;
        }
    });
    return size;
}

/// Calls `visit` with the units of a configuration record of MP4 (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
template <class Visit>
void each_unit_of_record(SizedCodec codec, Bytes record, const Visit& visit) {
    const bool hevc = codec == SizedCodec::hevc;
    std::size_t at = hevc ? 22 : 5;
    const auto number = [&](std::size_t bytes) {
        std::size_t value = 0;
        for (; bytes > 0; --bytes, ++at) value = value << 8 | (at < record.size() ? record[at] : 0U);
        return value;
    };
    const auto arrays = hevc ? number(1) : 1U;
    for (std::size_t i = 0; i < arrays && at < record.size(); ++i) {
        if (hevc) ++at;
        const auto units = hevc ? number(2) : number(1) & 0x1f;
        for (std::size_t k = 0; k < units && at < record.size(); ++k) {
            const auto size = number(2);
            if (size == 0 || at > record.size() || size > record.size() - at) return;
            visit(record.subspan(at, size));
            at += size;
        }
    }
}

}  // namespace

std::optional<DeclaredSize> coded_size(SizedCodec codec, Bytes sets) {
    constexpr int sps_of_h264 = 7, sps_of_hevc = 33;
    if (sets.empty()) return {};
    if (codec == SizedCodec::mpeg2) return size_of_mpeg2(sets);
    std::optional<DeclaredSize> size;
    const auto take = [&](Bytes unit) {
        if (codec == SizedCodec::h264 && (unit[0] & 0x1f) == sps_of_h264) size = size_of_h264(unit);
        if (codec == SizedCodec::hevc && (unit[0] >> 1 & 0x3f) == sps_of_hevc) size = size_of_hevc(unit);
    };
    if (sets[0] == 1)
        each_unit_of_record(codec, sets, take);
    else
        bitstream::each_unit(sets, take);
    return size;
}

}  // namespace riverlight::player::av
