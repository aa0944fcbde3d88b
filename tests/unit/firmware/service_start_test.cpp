// Since when a board is in service, even if its first clock was wrong.
#include "firmware/journal/service_start.hpp"

#include <gtest/gtest.h>

#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const Instant real = *from_rfc3339("2026-11-25T08:00:00Z"), stamped = *from_rfc3339("1970-01-01T00:00:20Z");
MonotonicTime boot(std::int64_t seconds) {
    return MonotonicTime(std::chrono::seconds(seconds));
}

class ServiceStartTest : public testing::Test {
  protected:
    Instant at(Instant now, bool is_sure, MonotonicTime monotonic, const std::string& boot_id = "boot-a") {
        return ServiceStart(journal_, boot_id).at(now, is_sure, monotonic);
    }
    test::Folder folder_;
    Journal journal_{folder_ / "journal.db", "kh-pp-01"};
};

TEST_F(ServiceStartTest, IsNotedOnceAndKept) {
    EXPECT_EQ(at(real, true, boot(9)), real);
    EXPECT_EQ(at(real + 1h, true, boot(3609)), real);
    EXPECT_EQ(at(real + 48h, true, boot(5), "boot-b"), real) << "another boot";
    EXPECT_EQ(at(stamped, false, boot(5), "boot-c"), real) << "a later clock that is not sure";
}

TEST_F(ServiceStartTest, case_55_is_set_right_by_the_boots_own_clock) {
    EXPECT_EQ(at(stamped, false, boot(20)), stamped);
    EXPECT_EQ(at(stamped + 100s, false, boot(120)), stamped) << "nothing is known yet";
    EXPECT_EQ(at(real, true, boot(620)), real - 600s);
    EXPECT_EQ(at(real + 1h, true, boot(4220)), real - 600s) << "once";
    // A clock that was ahead likewise.
    Journal other(folder_ / "other.db", "kh-pp-01");
    ServiceStart ahead(other, "boot-a");
    EXPECT_EQ(ahead.at(real + 1000h, false, boot(20)), real + 1000h);
    EXPECT_EQ(ahead.at(real, true, boot(30)), real - 10s);
}

TEST_F(ServiceStartTest, case_55_after_another_boot_it_is_when_the_time_was_learnt) {
    EXPECT_EQ(at(stamped, false, boot(20)), stamped);
    EXPECT_EQ(at(stamped, false, boot(20), "boot-b"), stamped);
    EXPECT_EQ(at(real, true, boot(90), "boot-b"), real);
    journal_.set_fact(content::journal_facts::unsure_since, {boot(1), ""});
    EXPECT_EQ(at(real + 1h, true, boot(90), "boot-b"), real + 1h)
        << "of no boot: what is read of a damaged note";
    EXPECT_EQ(at(real + 2h, true, boot(90), "boot-b"), real + 1h);
}

}  // namespace
}  // namespace riverlight::firmware
