#include "firmware/config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr auto whole = R"toml(format = 1
state = "/var/lib/riverlight"

[channel]
url = "https://channel.example/kh"
root = "/etc/riverlight/root.json"
check_s = 600

[place]
id = "kh-pp-01"

[[outlet]]
id = "screen"
spec = "window"

[[outlet]]
id = "feed"
spec = ["udp://127.0.0.1:5004?ttl=4", "srt://partner.example:9000?passphrase_file=/etc/riverlight/srt", "hls:"]
service = "ការងារសមរម្យ"
provider = "IOM"
network = "COMMIT"

[office]
url = "https://office.example"
claim_code = "AAAA-BBBB-CCCC-DDDD"

[status]
listen = "0.0.0.0:8080"

[player]
memory_mb = 768
)toml";

class ConfigTest : public testing::Test {
  protected:
    Config read(const std::string& text) { return read_config(folder_.write("riverlightd.toml", text)); }
    /// What the settings are refused with after `from` became `to`.
    std::string refusal(const std::string& from, const std::string& to) {
        std::string text = whole;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        try {
            static_cast<void>(read(text));
        } catch (const Error& e) {
            return e.what();
        }
        return "accepted";
    }
    test::Folder folder_;
};

TEST_F(ConfigTest, ReadsEverySetting) {
    const auto c = read(whole);
    EXPECT_EQ(c.state, "/var/lib/riverlight");
    EXPECT_EQ(c.check, std::chrono::minutes(10));
    EXPECT_EQ(c.place, "kh-pp-01");
    ASSERT_EQ(c.outlets.size(), 2U);
    EXPECT_EQ(c.outlets[0].outputs, std::vector<std::string>{"window"});
    EXPECT_EQ(c.outlets[0].profile, "");
    EXPECT_EQ(c.outlets[1].profile, "720p25") << "what a feed is without a word";
    ASSERT_EQ(c.outlets[1].outputs.size(), 3U);
    EXPECT_EQ(c.outlets[1].outputs[2], "hls:/var/lib/riverlight/outlets/feed/hls/");
    EXPECT_EQ(c.outlets[1].hls, "/var/lib/riverlight/outlets/feed/hls");
    EXPECT_EQ(c.outlets[1].service, "ការងារសមរម្យ");
    EXPECT_EQ(c.outlets[1].network, "COMMIT");
    ASSERT_TRUE(c.office);
    EXPECT_EQ(c.office->claim_code, "AAAA-BBBB-CCCC-DDDD");
    EXPECT_EQ(c.listen, "0.0.0.0:8080");
    EXPECT_EQ(c.player_memory_mb, 768);
}

TEST_F(ConfigTest, NamesTheFileTheTableAndWhatWasProbablyMeant) {
    EXPECT_THAT(refusal("check_s", "chek_s"),
                AllOf(HasSubstr("riverlightd.toml: [channel]"), HasSubstr("'chek_s'"), HasSubstr("check_s")));
    EXPECT_THAT(refusal("[office]", "[ofice]"), AllOf(HasSubstr("'ofice'"), HasSubstr("office")));
    EXPECT_THAT(refusal("provider =", "provder ="), AllOf(HasSubstr("outlet 2"), HasSubstr("provider")));
}

TEST_F(ConfigTest, RefusesWhatCannotWork) {
    EXPECT_THAT(refusal("check_s = 600", "check_s = 1"), HasSubstr("check_s"));
    EXPECT_THAT(refusal("id = \"feed\"", "id = \"screen\""), HasSubstr("its own"));
    EXPECT_THAT(refusal("id = \"kh-pp-01\"", "id = \"Phnom Penh\""), HasSubstr("no place's id"));
    EXPECT_THAT(refusal("format = 1", "format = 2"), HasSubstr("format"));
    EXPECT_THAT(refusal("state =", "state ="), HasSubstr("accepted"));
    EXPECT_THAT(refusal("url = \"https://channel", "url = 5 #"), HasSubstr("url"));
    EXPECT_THAT(refusal("memory_mb = 768", "memory_mb = 12"), AllOf(HasSubstr("[player]"), HasSubstr("256")))
        << "no picture fits into that";
}

TEST_F(ConfigTest, OutputsAreLookedAtBeforeAnyIsOpened) {
    EXPECT_THAT(refusal("?ttl=4", "?tll=4"), AllOf(HasSubstr("outlet 2"), HasSubstr("did you mean 'ttl'")));
    EXPECT_THAT(refusal("passphrase_file=/etc/riverlight/srt", "passphrase=river-of-light"),
                AllOf(HasSubstr("passphrase_file"), testing::Not(HasSubstr("river-of-light"))));
    EXPECT_THAT(refusal("\"hls:\"", "\"window\""), HasSubstr("a screen stands alone"));
    EXPECT_THAT(refusal("\"hls:\"", "\"hls:\", \"hls:/x\""), HasSubstr("two HLS"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = \"window\"\nservice = \"x\""),
                HasSubstr("are for feeds"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = []"), HasSubstr("empty list"));
    EXPECT_THAT(refusal("spec = \"window\"", "spec = [1]"), HasSubstr("list of texts"));
    EXPECT_THAT(refusal("\"COMMIT\"", '"' + std::string(100, 'x') + '"'), HasSubstr("99 bytes"));
}

TEST_F(ConfigTest, ReportsGoInTheClearToThisMachineAlone) {
    EXPECT_THAT(refusal("https://office.example", "http://office.example"),
                HasSubstr("must begin with https://"));
    EXPECT_THAT(refusal("https://office.example", "http://127.0.0.1.evil.example"),
                HasSubstr("must begin with https://"));
    for (const auto* near : {"http://127.0.0.1:8800", "http://localhost", "http://[::1]:8800/office"})
        EXPECT_EQ(refusal("https://office.example", near), "accepted") << near;
}

TEST_F(ConfigTest, TheClaimCodeMayLieInAFileOfItsOwn) {
    const auto code = folder_.write("claim", "EEEE-FFFF-GGGG-HHHH\n");
    std::string text = whole;
    const std::string line = "claim_code = \"AAAA-BBBB-CCCC-DDDD\"";
    text.replace(text.find(line), line.size(), "claim_code_file = \"" + code + "\"");
    EXPECT_EQ(read(text).office->claim_code, "EEEE-FFFF-GGGG-HHHH");
    std::filesystem::remove(code);
    EXPECT_EQ(read(text).office->claim_code, "") << "an enrolled board needs it no more";
}

}  // namespace
}  // namespace riverlight::firmware
