// Since when a board is there, though its first clock did not know.
#include "firmware/journal/there_since.hpp"

#include <gtest/gtest.h>

#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const Instant real = *from_rfc3339("2026-11-25T08:00:00Z"), stamped = *from_rfc3339("1970-01-01T00:00:20Z");
constexpr std::int64_t second = 1'000'000;

class ThereSinceTest : public testing::Test {
  protected:
    Instant at(Instant now, bool sure, std::int64_t monotonic_us, const std::string& boot = "boot-a") {
        return ThereSince(journal_, boot).at(now, sure, monotonic_us);
    }
    test::Folder folder_;
    Journal journal_{folder_ / "journal.db", "kh-pp-01"};
};

TEST_F(ThereSinceTest, IsNotedOnceAndKept) {
    EXPECT_EQ(at(real, true, 9 * second), real);
    EXPECT_EQ(at(real + 1h, true, 3609 * second), real);
    EXPECT_EQ(at(real + 48h, true, 5 * second, "boot-b"), real) << "another boot";
    EXPECT_EQ(at(stamped, false, 5 * second, "boot-c"), real) << "a later clock that knows nothing";
}

TEST_F(ThereSinceTest, case_55_is_set_right_by_the_boots_own_clock) {
    EXPECT_EQ(at(stamped, false, 20 * second), stamped);
    EXPECT_EQ(at(stamped + 100s, false, 120 * second), stamped) << "nothing is known yet";
    EXPECT_EQ(at(real, true, 620 * second), real - 600s);
    EXPECT_EQ(at(real + 1h, true, 4220 * second), real - 600s) << "once";
    // A clock that was ahead likewise.
    Journal other(folder_ / "other.db", "kh-pp-01");
    ThereSince ahead(other, "boot-a");
    EXPECT_EQ(ahead.at(real + 1000h, false, 20 * second), real + 1000h);
    EXPECT_EQ(ahead.at(real, true, 30 * second), real - 10s);
}

TEST_F(ThereSinceTest, case_55_after_another_boot_it_is_when_the_time_was_learnt) {
    EXPECT_EQ(at(stamped, false, 20 * second), stamped);
    EXPECT_EQ(at(stamped, false, 20 * second, "boot-b"), stamped);
    EXPECT_EQ(at(real, true, 90 * second, "boot-b"), real);
    journal_.set_note("since_unsure", "no number");
    EXPECT_EQ(at(real + 1h, true, 90 * second, "boot-b"), real + 1h) << "a spoiled note";
    EXPECT_EQ(at(real + 2h, true, 90 * second, "boot-b"), real + 1h);
}

}  // namespace
}  // namespace riverlight::firmware
