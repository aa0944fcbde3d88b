#include "player/feed/splice_info.hpp"

#include <cassert>
#include <utility>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

constexpr std::uint64_t table_id = 0xfc, splice_null = 0x00, splice_insert = 0x05;

/// Writes fields of any number of bits, highest first.
class BitWriter {
  public:
    BitWriter& put(std::uint64_t value, int bits) {
        assert(bits == 64 || value >> bits == 0);
        for (int i = bits - 1; i >= 0; --i) {
            if (used_ % 8 == 0) bytes_.push_back(0);
            bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> i & 1) << (7 - used_ % 8));
            ++used_;
        }
        return *this;
    }
    [[nodiscard]] Bytes finish() {
        assert(used_ % 8 == 0);
        return std::move(bytes_);
    }

  private:
    Bytes bytes_;
    std::size_t used_ = 0;
};

std::uint64_t bits_of(StampTicks stamp) {
    return static_cast<std::uint64_t>(stamp.count()) & ((std::uint64_t{1} << 33) - 1);
}

/// The section around a command (9.6.1): not encrypted, no PTS adjustment, no descriptors.
Bytes splice_info_section(std::uint64_t command_type, const Bytes& command) {
    constexpr std::size_t around = 11 + 2 + 4;  // up to the command; the descriptors' length; the CRC
    BitWriter w;
    w.put(table_id, 8).put(0, 1).put(0, 1).put(3, 2).put(around + command.size(), 12);
    w.put(0, 8).put(0, 1).put(0, 6).put(0, 33).put(0xff, 8);
    w.put(0xfff, 12).put(command.size(), 12).put(command_type, 8);
    auto out = w.finish();
    out.insert(out.end(), command.begin(), command.end());
    out.insert(out.end(), 2, 0);
    append_crc(out);
    assert(out.size() == around + command.size() + 3);
    return out;
}

}  // namespace

Bytes splice_insert_section(const SpliceInsert& s) {
    BitWriter w;
    w.put(s.event, 32).put(0, 1).put(0x7f, 7);
    w.put(s.out_of_network, 1).put(1, 1).put(s.duration.has_value(), 1).put(0, 1).put(0xf, 4);
    w.put(1, 1).put(0x3f, 6).put(bits_of(s.pts), 33);
    if (s.duration) w.put(1, 1).put(0x3f, 6).put(bits_of(*s.duration), 33);  // auto_return
    w.put(s.program, 16).put(s.avail, 8).put(s.avails_expected, 8);
    return splice_info_section(splice_insert, w.finish());
}

Bytes splice_null_section() {
    return splice_info_section(splice_null, {});
}

}  // namespace riverlight::player
