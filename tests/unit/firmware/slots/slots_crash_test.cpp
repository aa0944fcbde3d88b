// Power cuts in an update, in the starts after it and in its confirmation, from A to B and back: unflushed
// writes lost and torn. RIVERLIGHT_CUTS says how many cuts (500 unless said; 10,000 in the long run); seeds
// are fixed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "firmware/slots/choose.hpp"
#include "tests/unit/firmware/slots/memory_disk.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::uint64_t count_place = 224U << 10;
constexpr std::size_t root_size = 32U << 10;
constexpr std::uint64_t root_place(SystemSlot slot) {
    return (256U << 10) + (slot == SystemSlot::b ? root_size : 0);
}
constexpr std::size_t disk_size = (256U << 10) + 2 * root_size;

/// A board as far as its slots go: the product's rule and state, a root of one letter, and the boot loader's
/// count.
class SlotBoard {
  public:
    explicit SlotBoard(std::string bytes) : disk(std::move(bytes)) {}

    /// As the boot loader does it: its count is one sector, and nothing flushes it.
    SystemSlot start() {
        const auto choice = choose_slot({read_state(disk), read_arrival(disk)}, read_count());
        std::string sector(test::MemoryDisk::sector, '\0');
        sector[0] = static_cast<char>(choice.count.generation);
        sector[1] = static_cast<char>(choice.count.starts);
        sector[2] = choice.count.last ? to_text(*choice.count.last)[0] : '\0';
        sector[3] = static_cast<char>(choice.count.tries);
        sector[4] = static_cast<char>(choice.count.mark);
        disk.write(count_place, sector);
        mark_ = choice.marked ? choice.count.mark : StartMark::none;
        return choice.slot;
    }
    void settle(SystemSlot running) {
        if (const auto settled = settle_start(read_state(disk), running)) write_state(disk, *settled);
    }
    /// The running slot has run for long enough.
    void arrive() {
        if (mark_ != StartMark::none) write_arrival(disk, mark_);
    }
    void install(SystemSlot target, char version) {
        write_state_twice(disk, begin_install(*read_state(disk), target));
        for (std::size_t at = 0; at < root_size; at += 8192)
            disk.write(root_place(target) + at, std::string(8192, version));
        disk.flush();
        write_state(disk, finish_install(*read_state(disk), target));
    }
    /// What runs plays until it is sure, if it has to before an installation.
    void make_ready(SystemSlot running) {
        if (!may_install(*read_state(disk), other_slot(running))) confirm(running);
    }
    void confirm(SystemSlot running) { write_state(disk, confirm_slot(*read_state(disk), running)); }
    /// The version in a slot; none if its root is not whole.
    [[nodiscard]] std::optional<char> version(SystemSlot slot) const {
        const auto root = disk.read(root_place(slot), root_size);
        return root[0] != '\0' && root.find_first_not_of(root[0]) == std::string::npos
                   ? std::optional(root[0])
                   : std::nullopt;
    }

    test::MemoryDisk disk;

  private:
    [[nodiscard]] StartCount read_count() const {
        const auto sector = disk.read(count_place, 5);
        StartCount count{sector[0], sector[1], {}, sector[3], static_cast<StartMark>(sector[4])};
        if (sector[2] != '\0') count.last = sector[2] == 'A' ? SystemSlot::a : SystemSlot::b;
        return count;
    }

    StartMark mark_ = StartMark::none;
};

/// A board on which `from` runs version 1 and is sure, the other slot holding the version before it.
std::string make_disk(SystemSlot from) {
    SlotBoard board{std::string(disk_size, '\0')};
    board.disk.write(root_place(from), std::string(root_size, '1'));
    board.disk.write(root_place(other_slot(from)), std::string(root_size, '0'));
    write_state(board.disk, {1, from, {SlotRecord{SlotTrust::sure}, SlotRecord{SlotTrust::sure}}});
    board.disk.flush();
    return board.disk.bytes();
}

/// Starts, takes an update to version 2, starts with it twice, and makes it sure if it `plays`.
void live(SlotBoard& board, bool plays) {
    const auto from = board.start(), to = other_slot(from);
    board.settle(from);
    board.arrive();
    board.make_ready(from);
    board.install(to, '2');
    for (int starts = 0; starts < (plays ? 2 : 4); ++starts) board.settle(board.start());
    if (plays) board.confirm(to);
}

std::size_t cuts() {
    const auto* said = std::getenv("RIVERLIGHT_CUTS");  // NOLINT(concurrency-mt-unsafe): one thread
    return said ? std::strtoul(said, nullptr, 10) : 500;
}

TEST(SlotsCrash, whatever_a_power_cut_leaves_of_an_update_starts_a_whole_slot_and_can_be_updated) {
    std::array<std::size_t, 2> started{};  // with the version before the update, and with it
    for (std::size_t n = 0; n < cuts() && !HasFailure(); ++n) {
        SCOPED_TRACE("cut " + std::to_string(n));
        std::mt19937_64 draw(n);
        const auto from = n % 2 == 0 ? SystemSlot::a : SystemSlot::b;
        SlotBoard before(make_disk(from));
        live(before, n % 4 < 2);
        // A second cut follows while the board that was cut takes the update again.
        SlotBoard cut(before.disk.after_cut(draw() % (before.disk.steps() + 1), draw));
        ASSERT_TRUE(read_state(cut.disk));
        live(cut, true);
        SlotBoard found(cut.disk.after_cut(draw() % (cut.disk.steps() + 1), draw));
        const auto state = read_state(found.disk);
        ASSERT_TRUE(state) << "neither copy can be read";
        for (const auto slot : all_slots) {
            const auto trust = state->of(slot).trust;
            const bool trusted = trust == SlotTrust::sure || trust == SlotTrust::unsure;
            EXPECT_TRUE(!trusted || found.version(slot)) << to_text(slot) << " is " << to_text(trust);
        }
        const auto slot = found.start();
        const auto version = found.version(slot);
        ASSERT_TRUE(version) << "slot " << to_text(slot) << " starts and is not whole";
        ++started.at(*version == '2' ? 1 : 0);
        found.settle(slot);
        found.make_ready(slot);
        found.install(other_slot(slot), '3');
        EXPECT_EQ(found.version(found.start()), '3') << "it takes no update any more";
    }
    EXPECT_GT(started[0], cuts() / 20);
    EXPECT_GT(started[1], cuts() / 20);
}

/// A board that is switched on and off; some of its starts are cut short before they arrive.
void switch_on_and_off(SlotBoard& board, std::mt19937_64& draw) {
    for (auto starts = 1 + draw() % 20; starts > 0; --starts) {
        board.settle(board.start());
        if (draw() % 3 == 0) board.arrive();
    }
}

TEST(SlotsCrash, no_power_cut_changes_what_is_known_of_two_sure_slots_and_the_first_one_comes_back) {
    for (std::size_t n = 0; n < cuts() && !HasFailure(); ++n) {
        SCOPED_TRACE("cut " + std::to_string(n));
        std::mt19937_64 draw(n);
        const auto first = n % 2 == 0 ? SystemSlot::a : SystemSlot::b;
        SlotBoard before(make_disk(first));
        const auto state = read_state(before.disk);
        switch_on_and_off(before, draw);
        SlotBoard cut(before.disk.after_cut(draw() % (before.disk.steps() + 1), draw));
        switch_on_and_off(cut, draw);
        SlotBoard found(cut.disk.after_cut(draw() % (cut.disk.steps() + 1), draw));
        EXPECT_EQ(read_state(found.disk), state);
        // The power stays on now: at most one start is the other slot's.
        if (found.start() != first) {
            found.arrive();
            EXPECT_EQ(found.start(), first);
        }
        found.arrive();
        for (int starts = 0; starts < tries_of_sure_slot; ++starts) EXPECT_EQ(found.start(), first);
        // Its kernel panics from now on.
        EXPECT_EQ(found.start(), other_slot(first));
        EXPECT_EQ(read_state(found.disk), state);
    }
}

}  // namespace
}  // namespace riverlight::firmware
