#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "firmware/slots/choose.hpp"
#include "firmware/slots/slot_state.hpp"

/// How the slots' state lies on the disk: two copies on a partition without a file system, each with a
/// checksum, written in place in turn. The newest valid copy is the state. A copy of format 1 is three
/// sectors of 512 bytes, which the boot loader reads without help (GRUB's `hashsum --check` and `load_env`).
///
/// Two sectors are an environment block of GRUB, filled with '#'. Its variables are FORMAT, GENERATION,
/// FIRST, A, B, A_FAULT and B_FAULT.
///
/// One sector holds spaces, the SHA-256 of the two before in hex, two spaces, `SECTOR+2`, a line feed. SECTOR
/// is where the copy begins, in sectors from the partition's begin.
///
/// The arrival is one sector of its own, such a block too, with the variable ARRIVED: the mark of the last
/// start that ran for long enough (`choose.hpp`). It is one sector, so that a power cut leaves the old one or
/// the new.
namespace riverlight::firmware {

/// A partition, or what stands for one. Sizes and places in bytes. Each call throws DiskFault.
class BlockDevice {
  public:
    BlockDevice() = default;
    BlockDevice(const BlockDevice&) = delete;
    BlockDevice& operator=(const BlockDevice&) = delete;
    virtual ~BlockDevice() = default;

    [[nodiscard]] virtual std::string read(std::uint64_t at, std::size_t size) const = 0;
    virtual void write(std::uint64_t at, std::string_view bytes) = 0;
    virtual void flush() = 0;  ///< what was written survives a power cut once it returns
};

/// Where the copies begin: far apart, so that no erase block of a flash card holds both.
inline constexpr std::array<std::uint64_t, 2> copy_places{64U << 10, 128U << 10};
/// Where the arrival is.
inline constexpr std::uint64_t arrival_place = 192U << 10;
/// What is written of a copy at once: a page of a flash card, filled with zeros.
inline constexpr std::size_t copy_size = 4096;

/// The bytes of a copy at one of `copy_places`.
[[nodiscard]] std::string to_copy(const SlotState& state, std::uint64_t place);
/// What such bytes hold; none if they are not whole or of another format.
[[nodiscard]] std::optional<SlotState> parse_copy(std::string_view bytes, std::uint64_t place);

/// The state; none if neither copy is valid. Throws DiskFault.
[[nodiscard]] std::optional<SlotState> read_state(const BlockDevice& device);
/// Writes a state over the older or invalid copy and flushes it. The other copy is untouched, so that a power
/// cut leaves the state before it or this one. Throws DiskFault, and then either may be there.
void write_state(BlockDevice& device, const SlotState& state);
/// The same for both copies, one after the other, with two generations. Used before a slot is written: then
/// not even damage to the newer copy brings back what was known of that slot before. Throws DiskFault.
void write_state_twice(BlockDevice& device, const SlotState& state);

/// The mark of the last start that arrived. Throws DiskFault.
[[nodiscard]] StartMark read_arrival(const BlockDevice& device);
/// Writes it and flushes it, if another one is there. Throws DiskFault.
void write_arrival(BlockDevice& device, StartMark mark);

}  // namespace riverlight::firmware
