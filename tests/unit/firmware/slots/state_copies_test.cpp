#include "firmware/slots/state_copies.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "content/base/crypto.hpp"
#include "tests/unit/firmware/slots/memory_disk.hpp"

namespace riverlight::firmware {
namespace {

const SlotState updated{3, SystemSlot::b, {SlotRecord{SlotTrust::sure}, SlotRecord{SlotTrust::unsure}}};
const SlotState gone{
    9, SystemSlot::a, {SlotRecord{SlotTrust::sure}, SlotRecord{SlotTrust::failed, SlotFault::root_damaged}}};
constexpr std::size_t disk_size = 256U << 10, used = 1536;

TEST(StateCopies, a_copy_is_an_environment_block_of_grub_and_the_line_that_hashsum_checks) {
    const auto copy = to_copy(updated, copy_places[1]);
    EXPECT_EQ(copy.size(), copy_size);
    EXPECT_TRUE(copy.starts_with(
        "# GRUB Environment "
        "Block\nFORMAT=1\nGENERATION=3\nFIRST=B\nA=sure\nA_FAULT=none\nB=unsure\nB_FAULT=none\n###"));
    EXPECT_EQ(copy[1023], '#');
    EXPECT_EQ(
        copy.substr(1024, 512),
        std::string(440, ' ') + "c6b8a93c8597de815276cc4e4f5200c91e457b0ca8b495cd9697d75a3fbd795b  256+2\n");
}

TEST(StateCopies, what_was_written_is_read) {
    for (const auto& state : {updated, gone})
        for (const auto place : copy_places) EXPECT_EQ(parse_copy(to_copy(state, place), place), state);
}

TEST(StateCopies, one_changed_bit_anywhere_makes_a_copy_invalid) {
    const auto good = to_copy(updated, copy_places[0]);
    for (std::size_t at = 0; at < used; ++at) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        EXPECT_EQ(parse_copy(bad, copy_places[0]), std::nullopt) << at;
    }
    auto upper = good;
    std::ranges::transform(upper.substr(1464, 64), upper.begin() + 1464,
                           [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    EXPECT_NE(upper, good);
    EXPECT_EQ(parse_copy(upper, copy_places[0]), updated) << "as GRUB reads it";
    EXPECT_EQ(parse_copy(good, copy_places[1]), std::nullopt) << "a copy that lies in the other's place";
    EXPECT_EQ(parse_copy({}, copy_places[0]), std::nullopt);
}

TEST(StateCopies, they_are_written_in_turn_and_the_newer_one_counts) {
    test::MemoryDisk disk(disk_size);
    EXPECT_EQ(read_state(disk), std::nullopt);
    write_state(disk, updated);
    const auto first = disk.bytes();
    auto next = updated;
    ++next.generation;
    write_state(disk, next);
    EXPECT_EQ(read_state(disk), next);
    EXPECT_EQ(disk.read(copy_places[0], copy_size), first.substr(copy_places[0], copy_size));
    disk.write(copy_places[1] + 30, "?");
    EXPECT_EQ(read_state(disk), updated) << "the newer copy is damaged";
    write_state(disk, next);
    EXPECT_EQ(read_state(disk), next) << "the damaged copy was written over";
    disk.write(copy_places[0], "?");
    EXPECT_EQ(read_state(disk), next);
}

TEST(StateCopies, a_reason_of_another_version_leaves_the_state_readable) {
    auto copy = to_copy(gone, copy_places[0]);
    const std::string known = "B_FAULT=root-damaged", newer = "B_FAULT=moon-was-full";
    copy = copy.replace(copy.find(known), known.size(), newer).erase(1023, 1);
    const auto line = sha256_hex(copy.substr(0, 1024)) + "  128+2\n";
    copy = copy.substr(0, 1024) + std::string(512 - line.size(), ' ') + line;
    auto expected = gone;
    expected.slots[1].fault = SlotFault::unknown;
    EXPECT_EQ(parse_copy(copy, copy_places[0]), expected);
}

TEST(StateCopies, the_arrival_is_one_sector_beside_the_copies_and_is_written_once) {
    test::MemoryDisk disk(disk_size);
    EXPECT_EQ(read_arrival(disk), StartMark::none);
    write_state(disk, updated);
    for (const auto mark : {StartMark::odd, StartMark::even, StartMark::none}) {
        write_arrival(disk, mark);
        EXPECT_EQ(read_arrival(disk), mark);
        const auto steps = disk.steps();
        write_arrival(disk, mark);
        EXPECT_EQ(disk.steps(), steps);
    }
    EXPECT_EQ(read_state(disk), updated);
    write_arrival(disk, StartMark::odd);
    EXPECT_EQ(disk.read(arrival_place, 512),
              "# GRUB Environment Block\nARRIVED=odd\n" + std::string(475, '#'));
    for (const auto* damaged : {"?", "# GRUB Environment Block\nARRIVED=often\n"}) {
        disk.write(arrival_place, damaged);
        EXPECT_EQ(read_arrival(disk), StartMark::none) << damaged;
    }
}

TEST(StateCopies, written_twice_a_state_survives_the_loss_of_either_copy) {
    for (const auto place : copy_places) {
        test::MemoryDisk disk(disk_size);
        write_state(disk, updated);
        write_state_twice(disk, begin_install({4, SystemSlot::a, updated.slots}, SystemSlot::b));
        disk.write(place, "?");
        EXPECT_EQ(read_state(disk)->of(SystemSlot::b).trust, SlotTrust::empty);
    }
}

}  // namespace
}  // namespace riverlight::firmware
