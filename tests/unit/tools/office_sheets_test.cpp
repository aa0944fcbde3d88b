// Exports: the same rows in every format, piece by piece, and nothing that a spreadsheet would run.
#include "tests/unit/tools/office_sheets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/json.hpp"
#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/sheet_sources.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {
namespace {

using testing::HasSubstr;

std::unique_ptr<SheetSource> two_rows() {
    return std::make_unique<GivenRows>(std::vector<std::string>{"name", "n"}, [](SheetRows& to) {
        to.text("=1+1");
        to.number(-7);
        to.end_row();
        to.text("say \"no\",\nថ្ងៃ");
        to.number(std::nullopt);
        to.end_row();
    });
}

TEST(SheetFile, case_72_EveryFormatHoldsTheSameRowsAndRunsNoFormula) {
    const test::Folder folder;
    EXPECT_EQ(file_of(SheetFormat::csv, two_rows(), folder.path()),
              "\xEF\xBB\xBFname,n\r\n'=1+1,-7\r\n\"say \"\"no\"\",\nថ្ងៃ\",\r\n");
    EXPECT_EQ(file_of(SheetFormat::json_lines, two_rows(), folder.path()),
              "{\"name\":\"=1+1\",\"n\":-7}\n{\"name\":\"say \\\"no\\\",\\nថ្ងៃ\",\"n\":null}\n");
    const auto xlsx = file_of(SheetFormat::xlsx, two_rows(), folder.path());
    EXPECT_THAT(xlsx, testing::StartsWith("PK"));
    EXPECT_THAT(xlsx, HasSubstr("xl/worksheets/sheet1.xml"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "what lay on disk is removed";
}

TEST(SheetFile, OneThatIsGivenUpLeavesNothingBehind) {
    const test::Folder folder;
    {
        const auto file = make_sheet_file(SheetFormat::xlsx, two_rows(), folder.path());
        EXPECT_EQ(file->next(), "");
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_THROW(static_cast<void>(make_sheet_file(SheetFormat::xlsx, two_rows(), folder / "none")), Error);
}

TEST(SheetFormat, NamesReadBack) {
    for (const auto format : {SheetFormat::csv, SheetFormat::json_lines, SheetFormat::xlsx})
        EXPECT_EQ(parse_sheet_format(to_text(format)), format);
    EXPECT_FALSE(parse_sheet_format("exe"));
}

TEST_F(OfficeTest, AnExportHoldsEveryAiringThatMatchesHoweverMany) {
    join();
    ASSERT_EQ(held(send(1, 2100)), 2100);
    StoreReaders readers(folder_.path());
    auto rows = traffic::read_csv_rows(file_of(SheetFormat::csv, airing_rows(readers, {}), folder_.path()),
                                       "airings.csv");
    ASSERT_EQ(rows.size(), 2101U);
    const auto seq = static_cast<std::size_t>(std::find(rows[0].cells.begin(), rows[0].cells.end(), "seq") -
                                              rows[0].cells.begin());
    for (std::size_t i = 1; i < rows.size(); ++i)
        ASSERT_EQ(rows[i].cells.at(seq), std::to_string(2101 - i)) << "the newest first, each once";
    AiringFilter none;
    none.place = "kh-pp-02";
    EXPECT_EQ(traffic::read_csv_rows(file_of(SheetFormat::csv, airing_rows(readers, none), folder_.path()),
                                     "airings.csv")
                  .size(),
              1U);
}

TEST_F(OfficeTest, PromisesAreExportedByDaysPlaceLanguageAndCampaign) {
    for (int day = 0; day < 40; ++day)
        for (const auto* place : {"kh-1", "kh-2"}) {
            StoredDay stored;
            const auto from = noon + std::chrono::days{day};
            stored.facts = {place,      *date_from_iso("2026-11-24") + std::chrono::days{day},
                            "KH",       place,
                            "UTC",      from,
                            from + 24h, {}};
            stored.plan.release = "1-a";
            for (const auto* locale : {"km", "en"})
                stored.plan.promises.push_back({place + std::to_string(day) + locale, from, from + 10s,
                                                "always", "law", locale, "often"});
            store_.plans.set(stored);
        }
    StoreReaders readers(folder_.path());
    const auto count = [&](const auto& change) {
        PromiseFilter filter;
        filter.from = *date_from_iso("2026-11-24");
        filter.until = filter.from + std::chrono::days{39};
        change(filter);
        const auto text =
            file_of(SheetFormat::json_lines, promise_rows(readers, filter, noon), folder_.path());
        return std::count(text.begin(), text.end(), '\n');
    };
    EXPECT_EQ(count([](auto&) {}), 160) << "more than a month";
    EXPECT_EQ(count([](auto& f) { f.until = f.from; }), 4);
    EXPECT_EQ(count([](auto& f) { f.place = "kh-2"; }), 80);
    EXPECT_EQ(count([](auto& f) { f.locale = "km"; }), 80);
    EXPECT_EQ(count([](auto& f) { f.campaign = "none"; }), 0);
    EXPECT_EQ(count([](auto& f) { f.country = "TH"; }), 0);
}

}  // namespace
}  // namespace riverlight::office
