// Space in a store: what is removed, in which order, and what never is.
#include "content/store/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/folder.hpp"

namespace riverlight::content {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T12:00:00Z");

std::vector<std::string> names(const std::vector<StoredFile>& held) {
    std::vector<std::string> out;
    for (const auto& one : held) out.push_back(one.name);
    return out;
}

TEST(Space, EvictsWhatNeverAirsAgainFirstOldestFirst) {
    const std::vector<StoredFile> held{{"due-late", 10, false, noon + 48h, noon},
                                       {"young", 10, false, {}, noon},
                                       {"due-soon", 10, false, noon + 25h, noon},
                                       {"old", 10, false, {}, noon - 100h},
                                       {"on-air", 10, true, {}, noon - 200h}};
    EXPECT_THAT(names(choose_evictions(held, 1)), ElementsAre("old"));
    EXPECT_THAT(names(choose_evictions(held, 11)), ElementsAre("old", "young"));
    EXPECT_THAT(names(choose_evictions(held, 30)), ElementsAre("old", "young", "due-late"));
    EXPECT_THAT(names(choose_evictions(held, 1000)), ElementsAre("old", "young", "due-late", "due-soon"))
        << "what is on air or due soon stays, however little room there is";
    EXPECT_THAT(choose_evictions(held, 0), IsEmpty());
    EXPECT_THAT(choose_evictions({}, 10), IsEmpty());
}

TEST(Space, IsTheLesserOfDiskAndQuota) {
    const test::Folder folder;
    const auto disk = measure_free_space(folder.path(), {}, 1000).bytes();
    EXPECT_GT(disk, 0U);
    EXPECT_EQ(measure_free_space(folder.path(), 1000, 400).bytes(), std::min<std::uint64_t>(disk, 600));
    EXPECT_EQ(measure_free_space(folder.path(), 1000, 1400).bytes(), 0U) << "a quota that was lowered";
    EXPECT_THROW(static_cast<void>(measure_free_space(folder / "nowhere", {}, 0)), Error);
}

TEST(Space, ErrorGivesNeededAndAvailableBytes) {
    EXPECT_THAT(NoRoom(3U << 20, 1U << 20, "its disk").what(),
                HasSubstr("not enough room: the channel's new release needs 3 MiB, its disk has 1 MiB"));
    EXPECT_EQ(format_size(0), "0 KiB");
    EXPECT_EQ(format_size(1), "1 KiB");
    EXPECT_EQ(format_size((1U << 20) + 1), "2 MiB");
    EXPECT_EQ(format_size(3ULL << 29), "1.5 GiB");
}

}  // namespace
}  // namespace riverlight::content
