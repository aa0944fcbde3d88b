// The files of a board and an office from before issue 17, and the plans they kept: today's classes open them
// and read all of it. The board lost power with one airing on the screen and two waiting.
#include "content/base/files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "content/airing/record.hpp"
#include "content/journal/reader.hpp"
#include "firmware/journal/journal.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "tests/support/folder.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/store.hpp"
#include "tools/traffic/as_run.hpp"

namespace riverlight {
namespace {

using namespace std::chrono_literals;

constexpr auto place = "kh-pp-01", epoch = "6fbe1f8a0f714f9e";

std::string golden(const std::string& name) {
    return std::string(GOLDEN_DATA) + '/' + name;
}

/// A copy of a golden file, which may be written to.
void copy(const std::string& name, const test::Folder& folder) {
    std::filesystem::copy_file(golden(name), folder / name);
}

TEST(Golden, AJournalFromBeforeOpensAndGoesOn) {
    const test::Folder folder;
    copy("journal.db", folder);
    firmware::Journal journal(folder / "journal.db", place);
    EXPECT_EQ(journal.verify(), "");
    EXPECT_EQ(journal.why_rotated(), "") << "it is whole";
    const auto state = journal.state();
    EXPECT_EQ(state.board, place);
    EXPECT_EQ(state.epoch, epoch);
    EXPECT_EQ(state.last, 4);
    EXPECT_EQ(state.receipted, 4);
    for (const auto& record : journal.read(1, 10))
        EXPECT_EQ(content::record_hash(content::parse_record(content::record_json(record), "again")),
                  record.hash);
    EXPECT_TRUE(journal.has("screen", "100fee6135dc4e0afc0fd3e73c31ffcd"));
    EXPECT_TRUE(journal.has("screen", "155a9f7652bcbea0d375c9d5e8005bff")) << "it waits";
    EXPECT_EQ(journal.close_interrupted("the power went"), 1U);
    EXPECT_EQ(journal.state().last, 5);
    EXPECT_EQ(journal.verify(), "");
    EXPECT_EQ(journal.next_batch(10)->first, 5);
}

TEST(Golden, AReaderReadsAJournalFromBefore) {
    const test::Folder folder;
    copy("journal.db", folder);
    const content::JournalReader reader(folder / "journal.db");
    EXPECT_EQ(reader.verify(), "");
    EXPECT_EQ(reader.state().epoch, epoch);
    EXPECT_EQ(reader.read(2, 2).size(), 2U);
    EXPECT_FALSE(reader.latest_sure_time()) << "its clock was never synchronised";
}

TEST(Golden, AnOfficeFromBeforeOpensWithAllItHolds) {
    const test::Folder folder;
    copy("office.db", folder);
    office::OfficeStore store(folder.path());
    const auto board = store.boards.find(place);
    ASSERT_TRUE(board);
    EXPECT_EQ(board->state, office::BoardState::active);
    EXPECT_TRUE(board->heard);
    EXPECT_EQ(store.boards.all().size(), 1U);
    EXPECT_EQ(store.airings.last_epoch(place), epoch);
    const auto held = store.airings.held(place, epoch);
    EXPECT_EQ(held.seq, 4);
    const auto rows = store.airings.list({}, {}, 10);
    ASSERT_EQ(rows.size(), 4U);
    for (const auto& row : rows) {
        EXPECT_EQ(row.country, "KH");
        EXPECT_EQ(content::record_hash(row.record), row.record.hash);
        EXPECT_EQ(store.airings.hash_of(place, epoch, row.record.seq), row.record.hash);
    }
    EXPECT_EQ(rows.front().record.hash, held.head);
    const auto day = rows.front().day;
    EXPECT_EQ(store.airings.reports(place, day).size(), 4U);
    const auto kept = store.plans.find(place, day);
    ASSERT_TRUE(kept);
    EXPECT_FALSE(kept->plan.knows_kinds);
    EXPECT_FALSE(kept->plan.promises.empty());
}

TEST(Golden, PlansKeepTheirBytes) {
    const auto text = read_file(golden("plan.json"), 1U << 20);
    const auto plans = traffic::read_plans(text, "plan.json");
    ASSERT_EQ(plans.size(), 1U);
    EXPECT_EQ(scheduler::write_plan(plans[0]), text);
    const auto kept = read_file(golden("kept_plan.json"), 1U << 20);
    EXPECT_EQ(office::write_kept_plan(office::read_kept_plan(kept)), kept);
}

}  // namespace
}  // namespace riverlight
