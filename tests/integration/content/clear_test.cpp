// Clearing and withdrawing a segment in a channel's source.
#include "tools/publisher/clear.hpp"

#include "tests/integration/content/channel_fixture.hpp"

namespace riverlight::test {
namespace {

using ::testing::Not;

using ClearCommand = Channel;

class ClearanceText : public ::testing::Test {
  protected:
    const std::string toml_ =
        "# what Cambodia clears\nformat = 1\ncountry = \"KH\"\noffline_days = 90\n\n[[clearances]]\nsegment "
        "= \"one\"\n"
        "revision = 1  # as built\nlocales = [\n  \"km\",\n  \"en\",\n]\n\n# the "
        "second\n[[clearances]]\nsegment = "
        "\"two\"\nrevision = 3\nlocales = [\"km\"]\nuntil = \"2027-01-31\"\n";
    static publisher::ClearanceEdit edit(const std::string& segment, std::vector<std::string> locales,
                                         std::optional<int> revision = {}) {
        return {segment, std::move(locales), revision, "", ""};
    }
};

TEST_F(ClearanceText, RemovesALocaleOrAWholeClearanceAndKeepsOtherLines) {
    const auto one = publisher::remove_clearance(toml_, edit("one", {"en"}), "f");
    EXPECT_THAT(one,
                HasSubstr("revision = 1  # as built\nlocales = [\"km\"]\n\n# the second\n[[clearances]]"));
    EXPECT_THAT(publisher::remove_clearance(toml_, edit("one", {}), "f"),
                HasSubstr("offline_days = 90\n\n# the second\n[[clearances]]\nsegment = \"two\""));
    auto none = publisher::remove_clearance(toml_, edit("one", {}), "f");
    none = publisher::remove_clearance(none, edit("two", {"km"}), "f");
    EXPECT_THAT(none, HasSubstr("clearances = []"));
    EXPECT_THROW(static_cast<void>(publisher::remove_clearance(none, edit("two", {"km"}), "f")), Error);
    EXPECT_THROW(static_cast<void>(publisher::remove_clearance(toml_, edit("two", {"th"}), "f")), Error);
    EXPECT_THROW(static_cast<void>(publisher::remove_clearance(toml_, edit("two", {}, 2), "f")), Error);
    const auto again = publisher::add_clearance(none, edit("two", {"km", "en"}, 4), "f");
    EXPECT_THAT(again, Not(HasSubstr("clearances = []")));
    EXPECT_THAT(again, HasSubstr("revision = 4\nlocales = [\"km\", \"en\"]"));
}

TEST_F(ClearanceText, AddsLocalesToAnExistingClearance) {
    EXPECT_THAT(publisher::add_clearance(toml_, edit("one", {"vi"}, 1), "f"),
                HasSubstr("locales = [\"km\", \"en\", \"vi\"]"));
    EXPECT_THROW(static_cast<void>(publisher::add_clearance(toml_, edit("one", {"km"}, 1), "f")), Error);
    EXPECT_THROW(static_cast<void>(publisher::add_clearance(toml_, edit("one", {"not a tag"}, 1), "f")),
                 Error);
}

TEST_F(ClearCommand, WithdrawsAndClearsInASource) {
    const auto run = [&](bool withdraw, const std::string& segment, const std::string& country = "kh") {
        return said([&] {
            static_cast<void>(
                publisher::edit_clearances(at("source"), country, {segment, {"km"}, {}, "", ""}, withdraw));
        });
    };
    EXPECT_EQ(run(true, "false-promise"), "(nothing)");
    EXPECT_THAT(run(true, "false-promise"), HasSubstr("is not cleared in km"));
    EXPECT_EQ(run(false, "false-promise"), "(nothing)");
    EXPECT_THAT(run(false, "fals-promise"), HasSubstr("no such segment"));
    EXPECT_THAT(run(false, "false-promise", "xx"), HasSubstr("does not exist"));
    EXPECT_TRUE(publish().changed);
}

}  // namespace
}  // namespace riverlight::test
