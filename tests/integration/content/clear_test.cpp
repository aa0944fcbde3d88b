// Clearing and withdrawing a segment in a channel's source.
#include "tools/publisher/clear.hpp"

#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

using ClearCommand = Channel;

class ClearanceText : public ::testing::Test {
  protected:
    const std::string head_ = "# what Cambodia clears\nformat = 1\ncountry = \"KH\"\noffline_days = 90\n\n";
    const std::string one_ = "[[clearances]]\nsegment = \"one\"\nrevision = 1  # as built\nlocales = ";
    const std::string comment_ = "# the second\n";
    const std::string second_ =
        comment_ +
        "[[clearances]]\nsegment = \"two\"\nrevision = 3\nlocales = [\"km\"]\nuntil = \"2027-01-31\"\n";
    const std::string toml_ = head_ + one_ + "[\n  \"km\",\n  \"en\",\n]\n\n" + second_;
    static publisher::ClearanceEdit edit(const std::string& segment, std::vector<std::string> locales,
                                         std::optional<int> revision = {}) {
        return {segment, std::move(locales), revision, "", ""};
    }
};

TEST_F(ClearanceText, RemovesALocaleOrAWholeClearanceAndKeepsOtherLines) {
    const auto one = publisher::remove_clearance(toml_, edit("one", {"en"}), "f");
    EXPECT_EQ(one, head_ + one_ + "[\"km\"]\n\n" + second_);
    EXPECT_EQ(publisher::remove_clearance(toml_, edit("one", {}), "f"), head_ + second_);
    auto none = publisher::remove_clearance(toml_, edit("one", {}), "f");
    none = publisher::remove_clearance(none, edit("two", {"km"}), "f");
    EXPECT_EQ(none, head_ + comment_ + "clearances = []\n");
    EXPECT_THROW(static_cast<void>(publisher::remove_clearance(none, edit("two", {"km"}), "f")), Error);
    EXPECT_THROW(static_cast<void>(publisher::remove_clearance(toml_, edit("two", {"th"}), "f")), Error);
    EXPECT_THROW(static_cast<void>(publisher::remove_clearance(toml_, edit("two", {}, 2), "f")), Error);
    const auto again = publisher::add_clearance(none, edit("two", {"km", "en"}, 4), "f");
    EXPECT_EQ(again, head_ + comment_ +
                         "\n[[clearances]]\nsegment = \"two\"\nrevision = 4\nlocales = [\"km\", \"en\"]\n");
}

TEST_F(ClearanceText, AddsLocalesToAnExistingClearance) {
    EXPECT_EQ(publisher::add_clearance(toml_, edit("one", {"vi"}, 1), "f"),
              head_ + one_ + "[\"km\", \"en\", \"vi\"]\n\n" + second_);
    EXPECT_THROW(static_cast<void>(publisher::add_clearance(toml_, edit("one", {"km"}, 1), "f")), Error);
    EXPECT_THROW(static_cast<void>(publisher::add_clearance(toml_, edit("one", {"not a tag"}, 1), "f")),
                 Error);
}

TEST_F(ClearCommand, WithdrawsAndClearsInASource) {
    const auto run = [&](bool withdraw, const std::string& segment, const std::string& country = "kh") {
        return unread([&] {
            static_cast<void>(
                publisher::edit_clearances(at("source"), country, {segment, {"km"}, {}, "", ""}, withdraw));
        });
    };
    EXPECT_FALSE(run(true, "false-promise"));
    EXPECT_THAT(run(true, "false-promise"), Refuses(ReadFault::unresolved, "clearances.false-promise"));
    EXPECT_FALSE(run(false, "false-promise"));
    EXPECT_THAT(run(false, "fals-promise"),
                AllOf(Refuses(ReadFault::unresolved, ""), Of(at("source/segments/fals-promise"))));
    EXPECT_THAT(run(false, "false-promise", "xx"),
                AllOf(Refuses(ReadFault::missing, ""), Of(at("source/countries/xx/clearances.toml"))));
    EXPECT_TRUE(publish().changed);
}

}  // namespace
}  // namespace riverlight::test
